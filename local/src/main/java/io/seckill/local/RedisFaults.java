package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What loses or turns back Redis' memory. Each begins with a method whose result ends it; all block. Not two at once.
 */
final class RedisFaults implements AutoCloseable {
    private static final String REDIS = "redis";
    private static final String REPLICA = "redis-replica";
    private static final Duration SYNC_LIMIT = Duration.ofSeconds(30);

    private final LocalStack stack;
    private final FaultyLinks links;
    private final Supervisor supervisor;
    private final Home home;
    private final int port;
    private final int replicaPort;
    private final String password;

    RedisFaults(LocalStack stack, FaultyLinks links, Settings settings, int replicaPort) {
        this.stack = stack;
        this.links = links;
        this.home = new Home(settings.home());
        this.supervisor = new Supervisor(new PidFiles(home.run(), ProcessTable::arguments));
        this.port = settings.moved().get(Listener.REDIS);
        this.replicaPort = replicaPort;
        this.password = Secrets.of(home).redis();
    }

    RedisConsole console() {
        return new RedisConsole(port, password);
    }

    Runnable flush() {
        try (RedisConsole console = console()) {
            console.ask("FLUSHALL");
        }
        return () -> {};
    }

    /** The files of now are those that the server has after the end: what comes in between is forgotten. */
    Runnable rollback() {
        Path saved = home.path().resolve("redis-saved");
        copy(home.data(REDIS), saved);
        return () -> {
            stack.kill(REDIS);
            Home.deleteTree(home.data(REDIS));
            copy(saved, home.data(REDIS));
            Home.deleteTree(saved);
            stack.again(REDIS);
        };
    }

    /** A replica takes over from a killed primary; in the end the other way round, so that all is where it was. */
    Runnable failover() {
        startReplica();
        stack.kill(REDIS);
        promote(replicaPort);
        links.lead(Listener.REDIS, replicaPort);
        return () -> {
            stack.again(REDIS);
            follow(port, replicaPort);
            long pid = supervisor.childPid(REPLICA).orElseThrow(() -> new LaunchFailure("the replica has ended"));
            ProcessTable.signal(pid, true);
            Supervisor.awaitGone(List.of(pid), SYNC_LIMIT);
            promote(port);
            links.lead(Listener.REDIS, port);
        };
    }

    private void startReplica() {
        Path data = home.data(REPLICA);
        Home.deleteTree(data);
        RedisServer own = (RedisServer) stack.server(REDIS);
        RedisServer replica =
                new RedisServer(own.program(), new Home(home.path().resolve(REPLICA)), replicaPort, own.secrets());
        Launch launch = replica.launch();
        supervisor.start(
                new Launch(
                        REPLICA,
                        launch.mark(),
                        launch.command(),
                        launch.environment(),
                        launch.directory(),
                        home.log(REPLICA)),
                () -> {});
        follow(replicaPort, port);
    }

    /** Makes one server a replica of the other and waits until it has everything. */
    private void follow(int replica, int primary) {
        await("Redis answers on port " + replica, () -> Probe.redis(replica, password));
        try (RedisConsole console = new RedisConsole(replica, password)) {
            console.ask("CONFIG SET masterauth " + password);
            console.ask("REPLICAOF " + Listener.HOST + " " + primary);
            await("the replica is in step", () -> {
                String info = console.ask("INFO replication");
                return info.contains("master_link_status:up") && info.contains("master_sync_in_progress:0");
            });
        }
    }

    /** Ends a replica that a fault left behind. */
    @Override
    public void close() {
        supervisor.close();
        supervisor.childPid(REPLICA).ifPresent(pid -> ProcessTable.signal(pid, true));
    }

    private void promote(int replica) {
        try (RedisConsole console = new RedisConsole(replica, password)) {
            console.ask("REPLICAOF NO ONE");
        }
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + SYNC_LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new LaunchFailure("waited in vain: " + what);
            }
            Supervisor.pause();
        }
    }

    private static void copy(Path from, Path to) {
        Home.deleteTree(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new LaunchFailure("cannot copy %s: %s".formatted(from, e), e);
        }
    }
}
