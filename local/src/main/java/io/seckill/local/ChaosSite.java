package io.seckill.local;

import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import io.seckill.loadtest.chaos.FaultKind;
import io.seckill.loadtest.chaos.PlannedFault;
import io.seckill.loadtest.chaos.Site;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.fault.TcpProxy;
import io.seckill.schema.fault.TcpProxy.Direction;
import io.seckill.schema.redis.SaleKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A whole stack of real processes, two gateways and two workers, whose links lead through proxies. It keeps its processes
 * alive as systemd or Kubernetes would: what ended by itself is started again at once, what a fault killed when the fault
 * is over.
 */
final class ChaosSite implements Site, AutoCloseable {
    private static final List<String> SERVICES = List.of("gateway-1", "gateway-2", "worker-1", "worker-2");
    private static final int KEEP_ALIVE_MS = 500;
    private static final int CUT_EVERY_MS = 300;
    private static final Duration READY_LIMIT = Duration.ofSeconds(90);
    private static final Duration TERM_LIMIT = Duration.ofSeconds(30);
    private static final String USUAL_WATERMARK = "0.4";

    private final Home home;
    private final Path kept;
    private final FaultyLinks links;
    private final LocalStack stack;
    private final RedisFaults redis;
    private final FakeClock clock;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    private final Set<String> down = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> died = new ConcurrentLinkedQueue<>();
    private final List<String> processes = new ArrayList<>(StackRecord.SERVERS);

    /** @param kept where the logs of failed rounds are copied to */
    ChaosSite(Settings settings, Path kept, Progress progress) {
        this.home = new Home(settings.home());
        this.kept = kept;
        this.links = new FaultyLinks(settings, SERVICES);
        this.stack = new LocalStack(settings, progress, links);
        this.redis = new RedisFaults(stack, links, settings, FreePorts.one());
        this.clock = FakeClock.find(settings.packages(), progress);
        this.processes.addAll(SERVICES);
        this.processes.add(StackRecord.PAYMENTS);
    }

    ChaosSite up() {
        stack.up(2, 2);
        threads.scheduleWithFixedDelay(this::keepAlive, KEEP_ALIVE_MS, KEEP_ALIVE_MS, TimeUnit.MILLISECONDS);
        return this;
    }

    private void keepAlive() {
        for (String name : processes) {
            synchronized (down) {
                if (!down.contains(name) && stack.pid(name).isEmpty()) {
                    // A server that gives up at its start is no fault of the services.
                    if (!StackRecord.isServer(name)) {
                        died.add(name);
                    }
                    stack.again(name);
                }
            }
        }
    }

    @Override
    public StackAddress address() {
        return StackAddress.from(stack.addresses()::get);
    }

    @Override
    public TokenMint mint() {
        return TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE);
    }

    @Override
    public Optional<String> impossible(FaultKind kind) {
        return kind == FaultKind.CLOCK_SKEW ? clock.missing() : Optional.empty();
    }

    @Override
    public Runnable strike(PlannedFault fault) {
        String target = fault.target();
        TcpProxy link = links.proxy(target);
        return switch (fault.kind()) {
            case KILL_GATEWAY, KILL_WORKER, KILL_PAYMENTS, KILL_REDIS, KILL_RABBITMQ, KILL_MYSQL -> killed(target);
            case STOP_GATEWAY, STOP_WORKER, STOP_REDIS, STOP_RABBITMQ, STOP_MYSQL -> stopped(target);
            case RABBITMQ_RESTART, MYSQL_AWAY -> ended(target);
            case DELAY -> {
                link.delay(fault.amount());
                yield () -> link.delay(0);
            }
            case BLACKHOLE -> {
                link.pause(true);
                yield () -> link.pause(false);
            }
            case HOLD_REQUESTS -> held(link, Direction.REQUESTS);
            case HOLD_REPLIES -> held(link, Direction.REPLIES);
            case RESET -> {
                link.refuse(true);
                yield () -> link.refuse(false);
            }
            case CUT_REPLY -> {
                ScheduledFuture<?> cuts =
                        threads.scheduleAtFixedRate(link::cutBeforeReply, 0, CUT_EVERY_MS, TimeUnit.MILLISECONDS);
                yield () -> cuts.cancel(false);
            }
            case REDIS_FLUSH -> redis.flush();
            case REDIS_ROLLBACK -> whileDown("redis", redis.rollback());
            case REDIS_FAILOVER -> failedOver();
            case RABBITMQ_ALARM -> {
                rabbitmqctl("set_vm_memory_high_watermark", "0");
                yield () -> rabbitmqctl("set_vm_memory_high_watermark", USUAL_WATERMARK);
            }
            case RABBITMQ_QUEUE -> {
                rabbitmqctl("delete_queue", new Topology("seckill").orderQueue());
                yield () -> {};
            }
            case CLOCK_SKEW -> skewed(target, fault.amount());
        };
    }

    private Runnable killed(String name) {
        synchronized (down) {
            down.add(name);
            stack.kill(name);
        }
        requireSilence(name);
        return () -> back(name);
    }

    /** A fault that hit another process than the one that serves would let every round pass. */
    private void requireSilence(String name) {
        if (stack.answers(name)) {
            throw new LaunchFailure("%s was killed, and still something answers in its place".formatted(name));
        }
    }

    /** A server is back when it answers: how long it takes to boot is its own affair, and the machine's. */
    private void back(String name) {
        synchronized (down) {
            stack.again(name);
            down.remove(name);
        }
        if (StackRecord.isServer(name) && !awaitReady(List.of(name)).isEmpty()) {
            throw new LaunchFailure(name + " does not come back");
        }
    }

    private Runnable ended(String name) {
        synchronized (down) {
            down.add(name);
        }
        long pid = stack.pid(name).orElseThrow(() -> new LaunchFailure(name + " does not run"));
        ProcessTable.signal(pid, false);
        if (!Supervisor.awaitGone(List.of(pid), TERM_LIMIT)) {
            throw new LaunchFailure(name + " does not end");
        }
        requireSilence(name);
        return () -> back(name);
    }

    private Runnable stopped(String name) {
        long pid = stack.pid(name).orElseThrow(() -> new LaunchFailure(name + " does not run"));
        ProcessTable.pause(pid, true);
        return () -> ProcessTable.pause(pid, false);
    }

    private static Runnable held(TcpProxy link, Direction direction) {
        link.hold(direction, true);
        return () -> link.hold(direction, false);
    }

    /** Nobody else brings it back while the end of a fault kills and starts it. */
    private Runnable whileDown(String name, Runnable end) {
        return () -> {
            synchronized (down) {
                end.run();
            }
            awaitReady(List.of(name));
        };
    }

    private Runnable failedOver() {
        down.add("redis");
        Runnable end = redis.failover();
        return () -> {
            end.run();
            down.remove("redis");
        };
    }

    private Runnable skewed(String name, int seconds) {
        startedAnew(name, clock.variables(seconds));
        awaitReady(List.of(name));
        return () -> startedAnew(name, Map.of());
    }

    private void startedAnew(String name, Map<String, String> variables) {
        synchronized (down) {
            stack.kill(name);
            links.next(name, variables);
            stack.again(name);
        }
    }

    private void rabbitmqctl(String... arguments) {
        ((RabbitServer) stack.server("rabbitmq")).control(List.of(arguments));
    }

    @Override
    public List<String> diedByThemselves() {
        List<String> names = new ArrayList<>();
        for (String name = died.poll(); name != null; name = died.poll()) {
            names.add(name);
        }
        return names;
    }

    @Override
    public List<String> notReady() {
        return awaitReady(processes);
    }

    /** Returns those that are not ready when the limit is over. */
    private List<String> awaitReady(List<String> names) {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        while (true) {
            List<String> away =
                    names.stream().filter(name -> !stack.answers(name)).toList();
            if (away.isEmpty() || System.nanoTime() > deadline) {
                return away;
            }
            Supervisor.pause();
        }
    }

    @Override
    public Optional<Gate> gate(String saleId) {
        SaleKeys keys = SaleKeys.of(saleId);
        try (RedisConsole console = redis.console()) {
            String remaining = console.ask("HGET " + keys.sale() + " remaining");
            return remaining.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new Gate(Long.parseLong(remaining), Long.parseLong(console.ask("ZCARD " + keys.outbox()))));
        }
    }

    @Override
    public Path keepLogs(String name) {
        Path target = kept.resolve(name);
        Home.deleteTree(target);
        try (Stream<Path> logs = Files.list(home.path().resolve("log"))) {
            Files.createDirectories(target);
            for (Path log : logs.toList()) {
                Files.copy(log, target.resolve(log.getFileName().toString()));
            }
            return target;
        } catch (IOException e) {
            throw new LaunchFailure("cannot copy the logs: " + e, e);
        }
    }

    /** Stops everything. Safe while {@link #up} or a fault is still at work. */
    @Override
    public void close() {
        threads.shutdownNow();
        processes.forEach(name -> stack.pid(name).ifPresent(pid -> ProcessTable.pause(pid, false)));
        redis.close();
        stack.stopStarted();
        links.close();
    }
}
