package io.seckill.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How a JVM of this project is started: its main class, its flags and its environment. Secrets go by environment only. */
final class Service {
    private static final String SCHEMA_MAIN = "io.seckill.schema.SchemaMain";
    private static final String GATEWAY_MAIN = "io.seckill.gateway.GatewayMain";
    private static final String WORKER_MAIN = "io.seckill.worker.WorkerMain";

    private final Settings settings;
    private final Home home;
    private final StackRecord stack;
    private final Secrets secrets;

    Service(Settings settings, Home home, StackRecord stack, Secrets secrets) {
        this.settings = settings;
        this.home = home;
        this.stack = stack;
        this.secrets = secrets;
    }

    /** The argument that tells a running service of this home from any other JVM. */
    static String mark(String name, Home home) {
        return "-Dseckill.process=" + home.path() + "#" + name;
    }

    Launch schema() {
        return launch(
                "schema", List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), SCHEMA_MAIN, environment("schema"));
    }

    Launch service(String name) {
        Map<String, String> environment = environment(name);
        boolean gateway = StackRecord.kind(name).equals("gateway");
        Listener management = gateway ? Listener.MANAGEMENT : Listener.WORKER_MANAGEMENT;
        environment.remove(Listener.HTTP.variable);
        if (gateway) {
            environment.put("SECKILL_HTTP_HOST", Listener.HOST);
            environment.put(Listener.HTTP.variable, Integer.toString(stack.port(Listener.HTTP, name)));
        }
        environment.put("SECKILL_MANAGEMENT_HOST", Listener.HOST);
        environment.put(Listener.MANAGEMENT.variable, Integer.toString(stack.port(management, name)));
        // Several of them share one machine.
        environment.putIfAbsent("SECKILL_EVENT_LOOPS", "1");
        return launch(
                name,
                gateway ? settings.gatewayOptions() : settings.workerOptions(),
                gateway ? GATEWAY_MAIN : WORKER_MAIN,
                environment);
    }

    private Map<String, String> environment(String name) {
        Map<String, String> environment = new TreeMap<>(settings.environment());
        environment.putAll(Endpoints.of(stack, secrets).variables());
        environment.put("SECKILL_JWT_KEYS", jwtKeys(settings, secrets));
        environment.put("SECKILL_INSTANCE", name);
        return environment;
    }

    static String jwtKeys(Settings settings, Secrets secrets) {
        String given = settings.environment().getOrDefault("SECKILL_JWT_KEYS", "");
        return given.isBlank() ? secrets.jwtKeys() : given;
    }

    private Launch launch(String name, List<String> options, String mainClass, Map<String, String> environment) {
        Path app = settings.app();
        if (!Files.isDirectory(app)) {
            throw new LaunchFailure(
                    "no jars in %s: build the project first (mvn -Dquick -DskipTests package)".formatted(app));
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(mark(name, home));
        command.addAll(options);
        command.add("-cp");
        command.add(app + "/*");
        command.add(mainClass);
        return new Launch(name, mark(name, home), command, environment, home.path(), home.log(name));
    }
}
