package io.seckill.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Another Redis with the users of the stack's own, for what a failover is. Its methods block. */
final class RedisReplica {
    private static final Duration SYNC_LIMIT = Duration.ofSeconds(30);

    private final String name;
    private final RedisServer primary;
    private final Supervisor supervisor;
    private final int port;
    private final String password;

    /** @param port its own */
    RedisReplica(String name, RedisServer primary, Supervisor supervisor, int port) {
        this.name = name;
        this.primary = primary;
        this.supervisor = supervisor;
        this.port = port;
        this.password = primary.secrets().redis();
    }

    /** Empty, and then in step with the primary. */
    void start() {
        Home home = primary.home();
        Path data = home.data(name);
        Home.deleteTree(data);
        RedisServer server =
                new RedisServer(primary.program(), new Home(home.path().resolve(name)), port, primary.secrets());
        Launch launch = server.launch();
        supervisor.start(
                new Launch(
                        name,
                        launch.mark(),
                        launch.command(),
                        launch.environment(),
                        launch.directory(),
                        home.log(name)),
                () -> {});
        follow(port, primary.port());
    }

    /** Makes one server a replica of the other and waits until it has everything. */
    void follow(int replica, int leader) {
        allow(replica, password);
        try (RedisConsole console = new RedisConsole(replica, password)) {
            console.ask("REPLICAOF " + Listener.HOST + " " + leader);
        }
        awaitInStep(replica, password);
    }

    /** Whoever is to be a replica some day signs in at its primary. */
    static void allow(int server, String password) {
        await("Redis answers on port " + server, () -> Probe.redis(server, password));
        try (RedisConsole console = new RedisConsole(server, password)) {
            console.ask("CONFIG SET masterauth " + password);
        }
    }

    static void awaitInStep(int replica, String password) {
        await("the replica is in step", () -> {
            try (RedisConsole console = new RedisConsole(replica, password)) {
                String info = console.ask("INFO replication");
                return info.contains("master_link_status:up") && info.contains("master_sync_in_progress:0");
            }
        });
    }

    void promote(int replica) {
        try (RedisConsole console = new RedisConsole(replica, password)) {
            console.ask("REPLICAOF NO ONE");
        }
    }

    void kill() {
        long pid = supervisor.childPid(name).orElseThrow(() -> new LaunchFailure("the replica has ended"));
        ProcessTable.signal(pid, true);
        Supervisor.awaitGone(List.of(pid), SYNC_LIMIT);
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + SYNC_LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new LaunchFailure("waited in vain: " + what);
            }
            Supervisor.pause();
        }
    }
}
