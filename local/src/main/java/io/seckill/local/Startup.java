package io.seckill.local;

import io.seckill.schema.amqp.Topology;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * One pass from what runs to what should run: decide and check everything first, then the servers side by side, then the
 * schema, then gateways, workers and the payment provider side by
 * side. {@link Supervisor} does the starting.
 */
final class Startup {
    private static final Duration PORT_LIMIT = Duration.ofSeconds(2);
    private static final Duration SERVER_LIMIT = Duration.ofSeconds(90);
    private static final Duration SCHEMA_LIMIT = Duration.ofMinutes(2);
    private static final Duration SERVICE_LIMIT = Duration.ofMinutes(1);

    private final Settings settings;
    private final Home home;
    private final PidFiles pids;
    private final Supervisor supervisor;
    private final Progress progress;
    private final Consumer<String> onStart;
    private final Surroundings surroundings;
    private final Secrets secrets;

    Startup(
            Settings settings,
            Home home,
            PidFiles pids,
            Supervisor supervisor,
            Progress progress,
            Consumer<String> onStart,
            Surroundings surroundings) {
        this.settings = settings;
        this.home = home;
        this.pids = pids;
        this.supervisor = supervisor;
        this.progress = progress;
        this.onStart = onStart;
        this.surroundings = surroundings;
        this.secrets = Secrets.of(home);
    }

    /** Returns the names of what it started. */
    List<String> run(List<String> services) {
        StackRecord stack = plan(services);
        List<String> dead =
                stack.processes().stream().filter(name -> live(name).isEmpty()).toList();
        List<String> deadServers = dead.stream().filter(StackRecord::isServer).toList();
        List<String> deadServices =
                dead.stream().filter(name -> !StackRecord.isServer(name)).toList();
        Map<String, Server> servers = servers(dead, stack);
        stack.save(home);
        if (stack.processes().contains(StackRecord.PROMETHEUS)) {
            PrometheusServer.writeTargets(stack, home);
        }

        sideBySide(deadServers, name -> startServer(servers.get(name)));
        boolean anyServiceLives =
                stack.processes().stream().anyMatch(name -> StackRecord.isService(name) && !dead.contains(name));
        if (!services.isEmpty() && (!deadServers.isEmpty() || !anyServiceLives)) {
            applySchema(stack);
        }
        Service service = service(stack);
        for (String name : deadServices) {
            onStart.accept(name);
            supervisor.start(
                    StackRecord.isService(name)
                            ? service.service(name)
                            : servers.get(name).launch(),
                    () -> {});
        }
        sideBySide(
                stack.processes().stream()
                        .filter(name -> !deadServers.contains(name))
                        .toList(),
                name -> awaitService(name, stack, deadServices.contains(name)));
        EnvFile.write(home.env(), Addresses.variables(stack, settings, home));
        return dead;
    }

    /** Starts one process of a stack that is there, as it was started before, and waits for nothing. */
    void again(String name) {
        StackRecord stack = StackRecord.load(home);
        onStart.accept(name);
        if (StackRecord.isService(name)) {
            supervisor.start(service(stack).service(name), () -> {});
        } else {
            Server server = servers(List.of(name), stack).get(name);
            supervisor.start(server.launch(), server::beforeStart);
        }
    }

    /** One of the stack's own servers. */
    Server server(String name) {
        return servers(List.of(name), StackRecord.load(home)).get(name);
    }

    private Service service(StackRecord stack) {
        return new Service(settings, home, stack, secrets, surroundings);
    }

    private OptionalLong live(String name) {
        return pids.live(name, LocalStack.mark(name, home));
    }

    /** What should run and where. A record of which nothing runs any more binds nobody. */
    private StackRecord plan(List<String> services) {
        StackRecord before = StackRecord.load(home);
        if (before.processes().stream().allMatch(name -> live(name).isEmpty())) {
            before = StackRecord.EMPTY;
        }
        Map<String, String> external =
                before.isEmpty() ? Endpoints.external(settings.environment(), secrets) : before.external();
        TreeSet<String> wanted = new TreeSet<>(services);
        for (String server : StackRecord.SERVERS) {
            if (!Endpoints.isExternal(server, external)) {
                wanted.add(server);
            }
        }
        List<String> processes = before.grownBy(wanted).processes();
        PortPlan ports =
                PortPlan.of(settings.moved(), before.ports(), name -> live(name).isPresent(), processes);
        long deadline = System.nanoTime() + PORT_LIMIT.toNanos();
        ports.requireFree(
                processes.stream().filter(name -> live(name).isEmpty()).toList(), port -> free(port, ports, deadline));
        return new StackRecord(processes, ports.ports(), external);
    }

    /**
     * Our own epmd outlives a RabbitMQ that was killed, and serves the next one. A process that was killed a moment ago
     * may still be giving up its ports.
     */
    private boolean free(int port, PortPlan ports, long deadline) {
        Integer epmd = ports.ports().get(Listener.AMQP_EPMD.key("rabbitmq"));
        if (epmd != null && epmd == port && !RabbitServer.leftovers(home).isEmpty()) {
            return true;
        }
        while (!FreePorts.free(port)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Supervisor.pause();
        }
        return true;
    }

    private Map<String, Server> servers(List<String> names, StackRecord stack) {
        List<Engine> engines = new ArrayList<>();
        for (Engine engine : Engine.values()) {
            if (names.contains(engine.server)) {
                engines.add(engine);
            }
        }
        Map<Engine, ServerProgram> programs = engines.isEmpty()
                ? new EnumMap<>(Engine.class)
                : new Provision(settings.packages(), progress).programs(engines);
        Map<String, Server> servers = new java.util.TreeMap<>();
        programs.forEach((engine, program) -> servers.put(engine.server, server(engine, program, stack)));
        return servers;
    }

    private Server server(Engine engine, ServerProgram program, StackRecord stack) {
        return switch (engine) {
            case REDIS -> new RedisServer(program, home, stack.port(Listener.REDIS, engine.server), secrets);
            case RABBITMQ ->
                new RabbitServer(
                        program,
                        home,
                        stack.port(Listener.AMQP, engine.server),
                        stack.port(Listener.AMQP_DISTRIBUTION, engine.server),
                        stack.port(Listener.AMQP_EPMD, engine.server),
                        secrets,
                        topology());
            case MYSQL -> new MysqlServer(program, home, stack.port(Listener.MYSQL, engine.server), secrets);
            case PROMETHEUS ->
                new PrometheusServer(
                        program,
                        home,
                        stack.port(Listener.PROMETHEUS, engine.server),
                        PrometheusServer.rules(settings.root()));
        };
    }

    /** The names that the services will use. */
    private Topology topology() {
        String prefix = settings.environment().getOrDefault("SECKILL_AMQP_PREFIX", "");
        return new Topology(prefix.isBlank() ? Endpoints.OWNER : prefix.trim());
    }

    private void startServer(Server server) {
        // Noted first: whoever has to stop us in between looks for it.
        onStart.accept(server.name());
        supervisor.start(server.launch(), server::beforeStart);
        supervisor.awaitReady(server.name(), home.log(server.name()), server::ready, SERVER_LIMIT);
        progress.step("%-12s ready".formatted(server.name()));
    }

    private void applySchema(StackRecord stack) {
        Launch launch = service(stack).schema();
        Executables.Outcome outcome = Executables.run(launch.command(), launch.environment(), SCHEMA_LIMIT.toSeconds());
        try {
            Files.writeString(launch.log(), outcome.output());
        } catch (java.io.IOException e) {
            throw new LaunchFailure("cannot write " + launch.log(), e);
        }
        if (!outcome.ok()) {
            throw new LaunchFailure("the schema could not be applied (exit code %d); the end of %s:%n%s"
                    .formatted(outcome.exitCode(), launch.log(), Supervisor.tail(launch.log())));
        }
        progress.step("%-12s applied".formatted("schema"));
    }

    private void awaitService(String name, StackRecord stack, boolean fresh) {
        supervisor.awaitReady(name, home.log(name), () -> ready(name, stack, secrets), SERVICE_LIMIT);
        if (fresh) {
            progress.step("%-12s ready".formatted(name));
        }
    }

    static boolean ready(String name, StackRecord stack, Secrets secrets) {
        return switch (StackRecord.kind(name)) {
            case "redis" -> Probe.redis(stack.port(Listener.REDIS, name), secrets.redis());
            case "rabbitmq" -> Probe.amqp(stack.port(Listener.AMQP, name));
            case "mysql" -> Probe.mysql(stack.port(Listener.MYSQL, name));
            case "gateway" -> Probe.ready(stack.port(Listener.MANAGEMENT, name));
            case StackRecord.PAYMENTS -> Probe.ready(stack.port(Listener.PAYMENTS, name));
            case StackRecord.PROMETHEUS -> Probe.ready(stack.port(Listener.PROMETHEUS, name), "/-/ready");
            default -> Probe.ready(stack.port(Listener.WORKER_MANAGEMENT, name));
        };
    }

    /** Does it for all at once; the first failure ends the waiting for the others and is the one that is told. */
    private static void sideBySide(List<String> names, Consumer<String> action) {
        if (names.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(names.size());
        try {
            CompletableFuture<Void> failed = new CompletableFuture<>();
            CompletableFuture<?>[] all = names.stream()
                    .map(name -> CompletableFuture.runAsync(() -> action.accept(name), threads)
                            .whenComplete((done, error) -> {
                                if (error != null) {
                                    failed.completeExceptionally(error);
                                }
                            }))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.anyOf(failed, CompletableFuture.allOf(all)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        } finally {
            threads.shutdownNow();
        }
    }
}
