package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What loses or turns back Redis' memory. Each begins with a method whose result ends it; all block. Not two at once.
 */
final class RedisFaults implements AutoCloseable {
    private static final String REDIS = "redis";
    private static final String REPLICA = "redis-replica";

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
        RedisReplica replica = new RedisReplica(REPLICA, (RedisServer) stack.server(REDIS), supervisor, replicaPort);
        replica.start();
        stack.kill(REDIS);
        replica.promote(replicaPort);
        links.lead(Listener.REDIS, replicaPort);
        return () -> {
            stack.again(REDIS);
            replica.follow(port, replicaPort);
            replica.kill();
            replica.promote(port);
            links.lead(Listener.REDIS, port);
        };
    }

    /** Ends a replica that a fault left behind. */
    @Override
    public void close() {
        supervisor.close();
        supervisor.childPid(REPLICA).ifPresent(pid -> ProcessTable.signal(pid, true));
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
