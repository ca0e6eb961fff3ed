package io.seckill.local;

import io.seckill.local.images.RuntimeClasspath;
import io.seckill.schema.SchemaConfig;
import io.seckill.schema.SchemaMain;
import io.seckill.schema.access.Role;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a JVM of this project is started: its main class, its flags and its environment. Secrets go by environment only. */
final class Service {
    private static final String SCHEMA_MAIN = SchemaMain.class.getName();
    private static final String GATEWAY_MAIN = "io.seckill.gateway.GatewayMain";
    private static final String WORKER_MAIN = "io.seckill.worker.WorkerMain";
    private static final String PAYMENTS_MAIN = "io.seckill.local.payments.PaymentProviderMain";
    private static final String SCHEMA_JAR = "seckill-schema";
    private static final String GATEWAY_JAR = "seckill-gateway";
    private static final String WORKER_JAR = "seckill-order-worker";
    /** For what compiles and allocates little. */
    private static final List<String> SMALL = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    /** A hundred thousand payments fit in. */
    private static final List<String> PAYMENTS_LIMITS = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");

    /** What signs between the gateways and the payment provider. */
    static final String PAYMENT_SECRETS = "SECKILL_PAYMENT_SECRETS";
    /** Where gateways find the payment provider. */
    static final String PAYMENT_URL = "SECKILL_PAYMENT_URL";
    /** Whether gateways let anybody sign in as anybody. */
    private static final String DEMO_IDENTITY = "SECKILL_DEMO_IDENTITY";
    /** Where the shop's pages send who has no token. */
    private static final String SIGN_IN_URL = "SECKILL_SIGN_IN_URL";
    /** Where an identity provider of the user's own has its keys. */
    private static final String JWKS_URL = "SECKILL_JWKS_URL";

    private final Settings settings;
    private final Home home;
    private final StackRecord stack;
    private final Secrets secrets;
    private final Surroundings surroundings;

    Service(Settings settings, Home home, StackRecord stack, Secrets secrets, Surroundings surroundings) {
        this.settings = settings;
        this.home = home;
        this.stack = stack;
        this.secrets = secrets;
        this.surroundings = surroundings;
    }

    /** The argument that tells a running service of this home from any other JVM. */
    static String mark(String name, Home home) {
        return "-Dseckill.process=" + home.path() + "#" + name;
    }

    Launch schema() {
        Map<String, String> environment = environment("schema", Role.SCHEMA);
        if (!Endpoints.isExternal("mysql", stack.external())) {
            for (Role role : List.of(Role.GATEWAY, Role.WORKER)) {
                environment.put(SchemaConfig.accountVariable(role), MysqlServer.account(role));
            }
        }
        return launch("schema", SMALL, jars(SCHEMA_JAR), SCHEMA_MAIN, environment);
    }

    Launch service(String name) {
        return switch (StackRecord.kind(name)) {
            case "gateway" -> gateway(name);
            case StackRecord.PAYMENTS -> payments(name);
            default -> worker(name);
        };
    }

    private Launch gateway(String name) {
        Map<String, String> environment = managed(name, Role.GATEWAY, Listener.MANAGEMENT);
        environment.put("SECKILL_HTTP_HOST", Listener.HOST);
        environment.put(Listener.HTTP.variable, Integer.toString(stack.port(Listener.HTTP, name)));
        environment.put(PAYMENT_SECRETS, secrets.payment());
        environment.put(PAYMENT_URL, Addresses.payments(stack));
        if (isOnItsOwn()) {
            environment.putIfAbsent(DEMO_IDENTITY, "true");
        }
        if ("true".equals(environment.get(DEMO_IDENTITY))) {
            environment.putIfAbsent(SIGN_IN_URL, "/demo/sign-in");
        }
        return launch(name, settings.gatewayOptions(), jars(GATEWAY_JAR), GATEWAY_MAIN, environment);
    }

    private Launch worker(String name) {
        Map<String, String> environment = managed(name, Role.WORKER, Listener.WORKER_MANAGEMENT);
        return launch(name, settings.workerOptions(), jars(WORKER_JAR), WORKER_MAIN, environment);
    }

    /** It knows nothing of the servers. */
    private Launch payments(String name) {
        Map<String, String> environment = new TreeMap<>(settings.environment());
        environment.put(Listener.PAYMENTS.variable, Integer.toString(stack.port(Listener.PAYMENTS, name)));
        environment.put(PAYMENT_SECRETS, secrets.payment());
        environment.put("SECKILL_PAYMENT_GATEWAYS", String.join(",", Addresses.gateways(stack, Listener.HTTP)));
        List<String> options =
                Stream.concat(SMALL.stream(), PAYMENTS_LIMITS.stream()).toList();
        // It lives in this module, and uses nothing that a gateway does not.
        Stream<Path> jars = Stream.concat(Stream.of(ownCode()), jars(GATEWAY_JAR));
        return launch(name, options, jars, PAYMENTS_MAIN, environment);
    }

    private Map<String, String> managed(String name, Role role, Listener management) {
        Map<String, String> environment = environment(name, role);
        environment.remove(Listener.HTTP.variable);
        environment.put("SECKILL_MANAGEMENT_HOST", Listener.HOST);
        environment.put(Listener.MANAGEMENT.variable, Integer.toString(stack.port(management, name)));
        // Several of them share one machine.
        environment.putIfAbsent("SECKILL_EVENT_LOOPS", "1");
        return environment;
    }

    private Map<String, String> environment(String name, Role role) {
        Map<String, String> environment = new TreeMap<>(settings.environment());
        environment.putAll(Endpoints.of(stack.with(surroundings.ports(name)), secrets, role)
                .variables());
        environment.put("SECKILL_JWT_KEYS", jwtKeys(settings, secrets));
        environment.put("SECKILL_INSTANCE", name);
        environment.putAll(surroundings.variables(name));
        return environment;
    }

    static String jwtKeys(Settings settings, Secrets secrets) {
        String given = settings.environment().getOrDefault("SECKILL_JWT_KEYS", "");
        return given.isBlank() ? secrets.jwtKeys() : given;
    }

    /** Whether users are nobody's but this stack's: its tokens are worth nothing elsewhere, nor others' here. */
    private boolean isOnItsOwn() {
        return jwtKeys(settings, secrets).equals(secrets.jwtKeys())
                && settings.environment().getOrDefault(JWKS_URL, "").isBlank();
    }

    /** Its own jars and nobody else's, as in its image: a JVM would look for each class through all of them. */
    private Stream<Path> jars(String artifact) {
        return RuntimeClasspath.of(artifact, settings.app()).jars().stream();
    }

    private Launch launch(
            String name, List<String> options, Stream<Path> jars, String mainClass, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(mark(name, home));
        command.addAll(options);
        command.add("-cp");
        command.add(jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(mainClass);
        return new Launch(name, mark(name, home), command, environment, home.path(), home.log(name));
    }

    /** This module's own classes: a build's folder of jars holds only what it depends on. */
    private static Path ownCode() {
        try {
            return Path.of(Service.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("classes are in files", e);
        }
    }
}
