package io.seckill.local;

import io.seckill.schema.amqp.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * RabbitMQ with everything private: its Erlang cookie, its name server (epmd) and all three listeners on the loopback.
 * The start script becomes the Erlang VM, so the pid we hold is the VM's.
 */
record RabbitServer(
        ServerProgram program,
        Home home,
        int port,
        int distributionPort,
        int epmdPort,
        Secrets secrets,
        Topology topology)
        implements Server {
    private static final String LOOPBACK_ONLY =
            "-kernel inet_dist_use_interface {" + Listener.HOST.replace('.', ',') + "}";
    private static final int CONTROL_LIMIT_SECONDS = 60;

    @Override
    public String name() {
        return "rabbitmq";
    }

    static Path erlangHome(Home home) {
        return home.data("rabbitmq").resolve("home");
    }

    private Path file(String name) {
        return home.data(name()).resolve(name);
    }

    @Override
    public Launch launch() {
        try {
            Files.createDirectories(erlangHome(home));
            Files.createDirectories(file("bin"));
            Files.deleteIfExists(file("pid"));
            Files.writeString(file("enabled_plugins"), "[].\n");
            Home.writePrivate(definitions(), RabbitUsers.definitions(secrets, topology));
            Home.writePrivate(home.conf().resolve("rabbitmq.conf"), configuration());
            writeErl();
        } catch (IOException e) {
            throw new LaunchFailure("cannot lay out " + home.data(name()) + ": " + e, e);
        }
        return new Launch(
                name(),
                Server.mark(name(), home),
                List.of(program.executable().toString()),
                environment(),
                home.data(name()),
                home.log(name()));
    }

    private String configuration() {
        return """
                listeners.tcp.local = %s:%d
                load_definitions = %s
                disk_free_limit.absolute = 100MB
                log.console = true
                log.console.level = info
                log.file = false
                """.formatted(Listener.HOST, port, definitions());
    }

    /** Read at each start: also a home that was made before has all users. */
    private Path definitions() {
        return home.conf().resolve("rabbitmq-definitions.json");
    }

    private Map<String, String> environment() {
        Map<String, String> environment = program.environment(erlangHome(home));
        environment.put("PATH", file("bin") + ":" + environment.get("PATH"));
        environment.put("ERL_EPMD_ADDRESS", Listener.HOST);
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        environment.put("RABBITMQ_NODENAME", "seckill@localhost");
        environment.put("RABBITMQ_NODE_IP_ADDRESS", Listener.HOST);
        environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", LOOPBACK_ONLY);
        environment.put("RABBITMQ_BASE", home.data(name()).toString());
        environment.put("RABBITMQ_MNESIA_BASE", file("mnesia").toString());
        environment.put("RABBITMQ_LOG_BASE", file("log").toString());
        // Named, so that no file of the machine's own server is read instead.
        environment.put("RABBITMQ_CONF_ENV_FILE", file("none-env.conf").toString());
        environment.put(
                "RABBITMQ_ADVANCED_CONFIG_FILE", file("none-advanced.config").toString());
        environment.put("RABBITMQ_CONFIG_FILES", file("conf.d/*.conf").toString());
        environment.put(
                "RABBITMQ_CONFIG_FILE", home.conf().resolve("rabbitmq.conf").toString());
        environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", file("enabled_plugins").toString());
        environment.put("RABBITMQ_GENERATED_CONFIG_DIR", file("generated").toString());
        environment.put("RABBITMQ_FEATURE_FLAGS_FILE", file("feature_flags").toString());
        environment.put("RABBITMQ_PLUGINS_EXPAND_DIR", file("plugins").toString());
        environment.put("RABBITMQ_PID_FILE", file("pid").toString());
        // Makes the script replace itself by the VM instead of waiting beside it.
        environment.put("RUNNING_UNDER_SYSTEMD", "true");
        return environment;
    }

    /**
     * Packaged {@code erl} has its root written into it and heeds no variable. In an unpacked tree a script of ours
     * stands in for it.
     */
    private void writeErl() throws IOException {
        Path erl = file("bin").resolve("erl");
        Optional<Path> emulator = emulator();
        if (emulator.isEmpty()) {
            Files.deleteIfExists(erl);
            return;
        }
        Files.writeString(erl, """
                #!/bin/sh
                ROOTDIR='%s'
                BINDIR='%s'
                EMU=beam
                PROGNAME=erl
                export ROOTDIR BINDIR EMU PROGNAME
                exec "$BINDIR/erlexec" "$@"
                """.formatted(emulator.get().getParent().getParent(), emulator.get()));
        if (!erl.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + erl + " executable");
        }
    }

    /** The folder of erlexec, beam and epmd in an unpacked tree. */
    private Optional<Path> emulator() throws IOException {
        if (program.tree().isEmpty()) {
            return Optional.empty();
        }
        Path root = program.tree().get().resolve("usr/lib/erlang");
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(path -> path.getFileName().toString().startsWith("erts-"))
                    .map(path -> path.resolve("bin"))
                    .findFirst();
        }
    }

    /** Before RabbitMQ, whose VM would start one with the system's settings. One that is there already serves. */
    @Override
    public void beforeStart() {
        if (Probe.connects(Listener.HOST, epmdPort)) {
            return;
        }
        Path epmd;
        try {
            epmd = emulator()
                    .map(folder -> folder.resolve("epmd"))
                    .or(RabbitServer::systemEpmd)
                    .orElseThrow(() -> new LaunchFailure("no epmd beside erl"));
        } catch (IOException e) {
            throw new LaunchFailure("cannot find epmd", e);
        }
        Executables.Outcome outcome = Executables.run(List.of(epmd.toString(), "-daemon"), environment(), 20);
        if (!outcome.ok()) {
            throw new LaunchFailure("epmd does not start: " + outcome.lastLine());
        }
    }

    private static Optional<Path> systemEpmd() {
        return Executables.find("epmd").or(() -> {
            Map<String, String> environment = new TreeMap<>(Map.of("PATH", Executables.searchPath(), "HOME", "/"));
            String code = "io:format(\"~s\", [code:root_dir()]), halt().";
            Executables.Outcome outcome =
                    Executables.run(List.of("erl", "-noshell", "-boot", "start_clean", "-eval", code), environment, 20);
            Path root = Path.of(outcome.lastLine());
            return Optional.of(root.resolve("bin/epmd")).filter(Files::isExecutable);
        });
    }

    /** Runs rabbitmqctl to its end. Takes a second or two: it is an Erlang VM of its own. */
    void control(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program.executable().resolveSibling("rabbitmqctl").toString());
        command.addAll(arguments);
        Map<String, String> environment = environment();
        environment.put("RABBITMQ_CTL_ERL_ARGS", LOOPBACK_ONLY);
        Executables.Outcome outcome = Executables.run(command, environment, CONTROL_LIMIT_SECONDS);
        if (!outcome.ok()) {
            throw new LaunchFailure("rabbitmqctl %s: %s".formatted(arguments.get(0), outcome.lastLine()));
        }
    }

    @Override
    public boolean ready() {
        return Probe.amqp(port);
    }

    /** What a stopped server leaves behind: epmd, and helpers of a VM that was killed. Only ours have this HOME. */
    static List<Long> leftovers(Home home) {
        return ProcessTable.withVariable("HOME=" + erlangHome(home));
    }

    @Override
    public String toString() {
        return name();
    }
}
