package io.seckill.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The whole pipeline on this machine, in one home: bring it up, complete it, look at it, kill a part, take it down. The
 * commands are thin shells around it and tests drive it directly. What {@code up} does step by step is in {@link Startup}.
 */
public final class LocalStack {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final Settings settings;
    private final Progress progress;
    private final Home home;
    private final PidFiles pids;
    private final Supervisor supervisor;
    private final Surroundings surroundings;
    private final Set<String> started = new TreeSet<>(StackRecord.ORDER);

    public LocalStack(Settings settings, Progress progress) {
        this(settings, progress, Surroundings.USUAL);
    }

    LocalStack(Settings settings, Progress progress, Surroundings surroundings) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.progress = progress;
        this.home = new Home(settings.home());
        this.pids = new PidFiles(home.run(), ProcessTable::arguments);
        this.supervisor = new Supervisor(pids);
    }

    /**
     * Starts what is missing of a stack with at least these many gateways and workers and a payment provider, and waits
     * until all of it is ready. What runs is left alone. If it fails, everything that this call started is stopped again.
     *
     * @return the names of what was started
     */
    public List<String> up(int gateways, int workers) {
        return up(gateways, workers, false);
    }

    /** @param observe whether Prometheus watches it, too */
    public List<String> up(int gateways, int workers, boolean observe) {
        List<String> names = new ArrayList<>();
        IntStream.rangeClosed(1, gateways).forEach(number -> names.add("gateway-" + number));
        IntStream.rangeClosed(1, workers).forEach(number -> names.add("worker-" + number));
        names.add(StackRecord.PAYMENTS);
        if (observe) {
            names.add(StackRecord.PROMETHEUS);
        }
        return start(names);
    }

    /** The same for the three servers alone: no schema, no services. */
    public List<String> upServers() {
        return start(List.of());
    }

    private List<String> start(List<String> services) {
        home.create();
        try (HomeLock lock = HomeLock.take(
                home.path().resolve("lock"), () -> progress.step("waiting for another launcher on " + home.path()))) {
            try {
                return startup().run(services);
            } catch (RuntimeException failure) {
                stopStarted();
                throw failure;
            }
        }
    }

    private Startup startup() {
        return new Startup(settings, home, pids, supervisor, progress, this::noteStarted, surroundings);
    }

    private synchronized void noteStarted(String name) {
        started.add(name);
    }

    private synchronized List<String> started() {
        return List.copyOf(started);
    }

    /** Stops what this object started, and prevents it from starting more. Safe while {@link #up} is still at work. */
    public void stopStarted() {
        supervisor.close();
        List<String> mine = started();
        stop(mine);
        forgetIfGone();
    }

    /** Stops all of it. Fine to call when nothing runs. */
    public void down() {
        if (!java.nio.file.Files.isDirectory(home.run())) {
            progress.line("nothing runs in " + home.path());
            return;
        }
        try (HomeLock lock = HomeLock.take(
                home.path().resolve("lock"), () -> progress.step("waiting for another launcher on " + home.path()))) {
            TreeSet<String> names = new TreeSet<>(StackRecord.load(home).processes());
            names.addAll(pids.names());
            if (stop(names) == 0) {
                progress.line("nothing runs in " + home.path());
            }
            forgetIfGone();
        }
    }

    /** Services first, so that they can settle what they hold with servers that still answer. */
    private int stop(Collection<String> names) {
        Map<String, Long> services = new LinkedHashMap<>();
        Map<String, Long> servers = new LinkedHashMap<>();
        for (String name : names.stream().sorted(StackRecord.ORDER).toList()) {
            pid(name).ifPresent(value -> (StackRecord.isServer(name) ? servers : services).put(name, value));
        }
        for (Map<String, Long> group : Arrays.asList(services, servers)) {
            if (!group.isEmpty()) {
                supervisor.stop(group, STOP_LIMIT, progress);
                progress.step("stopped " + String.join(", ", group.keySet()));
            }
        }
        names.forEach(pids::delete);
        if (names.contains("rabbitmq")) {
            RabbitServer.leftovers(home).forEach(pid -> ProcessTable.signal(pid, false));
        }
        return services.size() + servers.size();
    }

    /** The record serves as long as anything of the stack runs. */
    private void forgetIfGone() {
        StackRecord stack = StackRecord.load(home);
        if (stack.processes().stream().noneMatch(name -> live(name).isPresent())) {
            StackRecord.forget(home);
        }
    }

    /** Ends one process at once, as {@code kill -9} does, and waits until it is gone. Its pid file stays, now stale. */
    public void kill(String name) {
        long pid = pid(name).orElseThrow(() -> new LaunchFailure(name + " does not run"));
        ProcessTable.signal(pid, true);
        if (!Supervisor.awaitGone(List.of(pid), KILL_LIMIT)) {
            throw new LaunchFailure("%s (pid %d) does not end".formatted(name, pid));
        }
    }

    /** Asks one process to end, as SIGTERM does, and waits until it is gone; how long that took. */
    public Duration terminate(String name) {
        long pid = live(name).orElseThrow(() -> new LaunchFailure(name + " does not run"));
        long began = System.nanoTime();
        ProcessTable.signal(pid, false);
        if (!Supervisor.awaitGone(List.of(pid), STOP_LIMIT)) {
            throw new LaunchFailure("%s (pid %d) does not end".formatted(name, pid));
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /**
     * Starts one process that has ended, as whoever keeps processes alive in production does, and waits for nothing: the
     * servers that it needs may be away.
     */
    void again(String name) {
        startup().again(name);
    }

    /** Whether something says, where this process belongs, that it serves. */
    boolean answers(String name) {
        return Startup.ready(name, StackRecord.load(home), Secrets.of(home));
    }

    /** One of the stack's own servers, whether or not it runs. */
    Server server(String name) {
        return startup().server(name);
    }

    /** The pid of a process of this stack, if it runs. */
    public OptionalLong live(String name) {
        return pids.live(name, mark(name, home));
    }

    /** The same, and the pid of one that this object has just started, before its command line tells whose it is. */
    OptionalLong pid(String name) {
        OptionalLong live = live(name);
        return live.isPresent() ? live : supervisor.childPid(name);
    }

    static String mark(String name, Home home) {
        return StackRecord.isService(name) ? Service.mark(name, home) : Server.mark(name, home);
    }

    /** Everything that should run, in order; empty for a stack that is down. */
    public List<ProcessStatus> status() {
        StackRecord stack = StackRecord.load(home);
        if (stack.isEmpty() && stack.external().isEmpty()) {
            return List.of();
        }
        List<ProcessStatus> lines = new ArrayList<>();
        for (String server : StackRecord.SERVERS) {
            if (Endpoints.isExternal(server, stack.external())) {
                lines.add(Addresses.externalStatus(server, stack));
            }
        }
        stack.processes().forEach(name -> lines.add(Addresses.ownStatus(name, stack, live(name), home)));
        return lines;
    }

    /** The stack's addresses by the names of the contract, as they stand in the file {@code env}. */
    public Map<String, String> addresses() {
        return Addresses.variables(StackRecord.load(home), settings, home);
    }

    /** Where the management listeners of the workers are, in order. */
    List<String> workers() {
        StackRecord stack = StackRecord.load(home);
        return Addresses.of(stack, "worker", Listener.WORKER_MANAGEMENT);
    }

    java.nio.file.Path envFile() {
        return home.env();
    }

    /** The keys that sign this home's tokens; made if there are none yet. */
    public String jwtKeys() {
        home.create();
        return Service.jwtKeys(settings, Secrets.of(home));
    }

    /** The names of what is expected to run but does not. */
    public Set<String> missing() {
        Set<String> missing = new HashSet<>(StackRecord.load(home).processes());
        missing.removeIf(name -> live(name).isPresent());
        return new TreeSet<>(missing);
    }

    /** Whether anything of this stack runs. */
    public boolean running() {
        return StackRecord.load(home).processes().stream()
                .anyMatch(name -> live(name).isPresent());
    }

    /** A copy of the addresses that is safe to hand to another process's environment. */
    Map<String, String> serverVariables() {
        Map<String, String> variables = new TreeMap<>(addresses());
        variables.remove("SECKILL_GATEWAYS");
        variables.remove("SECKILL_MANAGEMENT");
        variables.remove("SECKILL_JWT_KEYS");
        variables.remove(Service.PAYMENT_SECRETS);
        variables.remove(Service.PAYMENT_URL);
        variables.remove(Addresses.PROMETHEUS);
        return variables;
    }
}
