package io.seckill.k8s;

import java.util.List;

/** Everything that is asked of a rendered overlay. */
enum Check {
    /** Known fields only, of the right types, and all that must be there. */
    MODELS,
    /** Variables that the programs read, all they need, with values they take. */
    ENVIRONMENT,
    PORTS,
    NETWORK,
    /** Grace periods and drains. */
    DRAIN,
    /** Names of other objects, selectors, Secrets that are documented. */
    REFERENCES,
    SECURITY,
    /** To each service its own users and its own Secret. */
    CREDENTIALS,
    /** No word to a server that is not encrypted. */
    TLS;

    /** A cluster to try it has servers beside the services, and no certificates. */
    boolean isFor(String overlay) {
        return this != TLS || overlay.equals("production");
    }

    /** One sentence each; none if all is well. */
    List<String> violations(Manifests manifests) {
        return switch (this) {
            case MODELS -> StrictModels.violations(manifests);
            case ENVIRONMENT -> EnvironmentCheck.violations(manifests);
            case PORTS -> PortCheck.violations(manifests);
            case NETWORK -> NetworkCheck.violations(manifests);
            case DRAIN -> DrainCheck.violations(manifests);
            case REFERENCES -> ReferenceCheck.violations(manifests);
            case SECURITY -> SecurityCheck.violations(manifests);
            case CREDENTIALS -> CredentialsCheck.violations(manifests);
            case TLS -> TlsCheck.violations(manifests);
        };
    }
}
