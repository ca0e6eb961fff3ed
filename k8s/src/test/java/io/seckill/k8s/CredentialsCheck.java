package io.seckill.k8s;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Volume;
import io.seckill.schema.SchemaConfig;
import io.seckill.schema.access.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A pod holds the passwords of its own service alone, no two services are the same user, and none is an administrator. */
final class CredentialsCheck {
    /** Of a URI, which may have several hosts. */
    private static final Pattern USER = Pattern.compile("^[a-z-]+://([^:@/]*):");

    private static final Set<String> ADMINISTRATORS = Set.of("", "default", "guest", "root", "seckill");
    /** Whose MySQL users the schema job is told of. */
    private static final Map<Role, String> GRANTED = Map.of(Role.GATEWAY, "gateway", Role.WORKER, "order-worker");

    private final Manifests manifests;
    private final List<String> found = new ArrayList<>();
    /** By program and server. */
    private final NavigableMap<String, Map<String, String>> users = new TreeMap<>();

    private CredentialsCheck(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> violations(Manifests manifests) {
        CredentialsCheck check = new CredentialsCheck(manifests);
        manifests.services().forEach(check::secrets);
        manifests.services().forEach(check::users);
        check.shared();
        manifests.services().forEach(check::grants);
        manifests.custom("TriggerAuthentication").forEach(check::authentication);
        return check.found;
    }

    private void secrets(Workload workload) {
        String own = "seckill-" + workload.program().orElseThrow() + "(-[a-z0-9]{10})?";
        Stream<String> ofVariables = workload.container().getEnv().stream()
                .map(EnvVar::getValueFrom)
                .filter(Objects::nonNull)
                .map(EnvVarSource::getSecretKeyRef)
                .filter(Objects::nonNull)
                .map(reference -> reference.getName());
        Stream<String> ofSources = workload.container().getEnvFrom().stream()
                .map(EnvFromSource::getSecretRef)
                .filter(Objects::nonNull)
                .map(reference -> reference.getName());
        Stream<String> ofVolumes = workload.pod().getVolumes().stream()
                .map(Volume::getSecret)
                .filter(Objects::nonNull)
                .map(source -> source.getSecretName());
        Stream.of(ofVariables, ofSources, ofVolumes)
                .flatMap(names -> names)
                .filter(name -> !name.matches(own))
                .forEach(
                        name -> found.add(workload.name() + " is given the Secret " + name + ", which is not its own"));
    }

    private void users(Workload workload) {
        Map<String, String> environment = PodEnvironment.of(workload, manifests).values();
        Map<String, String> own = new HashMap<>();
        own.put("Redis", user(environment.getOrDefault("SECKILL_REDIS_URI", "")));
        own.put("RabbitMQ", user(environment.getOrDefault("SECKILL_AMQP_URI", "")));
        own.put("MySQL", environment.getOrDefault("SECKILL_MYSQL_USER", ""));
        own.forEach((server, user) -> {
            if (ADMINISTRATORS.contains(user)) {
                found.add(
                        workload.name() + " signs in to " + server + " as '" + user + "', which is no service's user");
            }
        });
        users.put(workload.program().orElseThrow(), own);
    }

    private static String user(String uri) {
        Matcher user = USER.matcher(uri);
        return user.find() ? user.group(1) : "";
    }

    private void shared() {
        users.forEach((program, own) -> users.tailMap(program, false)
                .forEach((other, others) -> own.forEach((server, user) -> {
                    if (user.equals(others.get(server))) {
                        found.add(program + " and " + other + " are both " + user + " to " + server);
                    }
                })));
    }

    /** Without it a service has no rights in MySQL, and says so when it is too late. */
    private void grants(Workload workload) {
        Object config = ServiceSettings.read(
                        workload.program().orElseThrow(),
                        PodEnvironment.of(workload, manifests).values())
                .config();
        if (config instanceof SchemaConfig schema) {
            GRANTED.forEach((role, program) -> {
                String account = schema.accounts().getOrDefault(role, "nobody");
                String user = users.get(program).get("MySQL");
                if (!account.equals(user) && !account.startsWith(user + "@")) {
                    found.add(workload.name() + " gives the rights of " + program + " to " + account + ", not to "
                            + user);
                }
            });
        }
    }

    /** KEDA may see how long a queue is. */
    private void authentication(GenericKubernetesResource authentication) {
        List<Map<String, String>> targets = authentication.get("spec", "secretTargetRef");
        targets.stream()
                .map(target -> target.get("name"))
                .filter(name -> !name.equals("seckill-keda"))
                .forEach(name -> found.add(
                        "TriggerAuthentication/" + authentication.getMetadata().getName() + " is given the Secret "
                                + name + ", which is not KEDA's own"));
    }
}
