package io.seckill.local;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prometheus beside a stack: it reads {@code /metrics} of every gateway and worker every two seconds and judges the rules of
 * {@code k8s/observe}. Nothing needs it. Which processes there are it learns from a file, which every {@code up} writes anew.
 *
 * @param rules the file of alerts
 */
record PrometheusServer(ServerProgram program, Home home, int port, Path rules) implements Server {
    /** What Debian's programs call the pages' folder, which has its fixed place in /usr. */
    private static final String ASSETS = "usr/share/prometheus/web";

    private static final String KEEP = "7d";

    @Override
    public String name() {
        return StackRecord.PROMETHEUS;
    }

    /** Where the pages and the API are. */
    static String url(StackRecord stack) {
        return Addresses.url(stack.port(Listener.PROMETHEUS, StackRecord.PROMETHEUS));
    }

    /** The rules as they are in the repository. */
    static Path rules(Path root) {
        return root.resolve("k8s/observe/rules.yml");
    }

    /** Tells which processes there are, one that runs included: it looks at the file by itself. */
    static void writeTargets(StackRecord stack, Home home) {
        JsonArray targets = new JsonArray();
        for (String name : stack.processes()) {
            switch (StackRecord.kind(name)) {
                case "gateway" -> targets.add(target(name, stack.port(Listener.MANAGEMENT, name)));
                case "worker" -> targets.add(target(name, stack.port(Listener.WORKER_MANAGEMENT, name)));
                default -> {
                    // Has no metrics of ours.
                }
            }
        }
        Home.writePrivate(targetsFile(home), targets.encodePrettily());
    }

    private static JsonObject target(String name, int port) {
        return new JsonObject()
                .put("targets", new JsonArray().add(Listener.HOST + ":" + port))
                .put(
                        "labels",
                        new JsonObject()
                                .put("job", "seckill-" + StackRecord.kind(name))
                                .put("instance", name));
    }

    private static Path targetsFile(Home home) {
        return home.conf().resolve("prometheus-targets.json");
    }

    static Path configuration(Home home) {
        return home.conf().resolve("prometheus.yml");
    }

    @Override
    public Launch launch() {
        Path data = home.data(name());
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new LaunchFailure("cannot create " + data, e);
        }
        Home.writePrivate(configuration(home), """
                global:
                  scrape_interval: 2s
                  evaluation_interval: 2s
                rule_files:
                  - '%s'
                scrape_configs:
                  - job_name: seckill
                    file_sd_configs:
                      - files: ['%s']
                        refresh_interval: 10s
                """.formatted(rules, targetsFile(home)));
        List<String> command = new ArrayList<>(List.of(
                program.executable().toString(),
                Server.mark(name(), home),
                "--web.listen-address=" + Listener.HOST + ":" + port,
                "--storage.tsdb.path=" + data,
                "--storage.tsdb.retention.time=" + KEEP));
        program.tree()
                .map(tree -> tree.resolve(ASSETS))
                .filter(Files::isDirectory)
                .ifPresent(assets -> command.add("--web.local-assets=" + assets));
        return new Launch(
                name(),
                Server.mark(name(), home),
                command,
                program.environment(home.conf()),
                home.conf(),
                home.log(name()));
    }

    @Override
    public boolean ready() {
        return Probe.ready(port, "/-/ready");
    }

    @Override
    public String toString() {
        return name();
    }
}
