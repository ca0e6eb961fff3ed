package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Three Sentinels, with a password of their own, that watch over the stack's Redis and two replicas of it. None of the three
 * takes a write that no other one would have: so nobody sells from a primary that has been replaced.
 */
final class SentinelGroup implements AutoCloseable {
    static final String NAME = "seckill";
    private static final int COUNT = 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String password = UUID.randomUUID().toString();
    private final List<Integer> ports = new ArrayList<>();
    private final int nobody = FreePorts.one();
    private final RedisServer primary;
    private final Supervisor supervisor;
    private final List<RedisReplica> replicas = new ArrayList<>();

    private SentinelGroup(RedisServer primary) {
        this.primary = primary;
        this.supervisor = new Supervisor(new PidFiles(primary.home().run(), ProcessTable::arguments));
    }

    static SentinelGroup over(RedisServer primary) throws IOException {
        SentinelGroup group = new SentinelGroup(primary);
        for (int number = 1; number < COUNT; number++) {
            int port = FreePorts.one();
            RedisReplica replica = new RedisReplica(replicaName(number), primary, group.supervisor, port);
            group.replicas.add(replica);
            replica.start();
            group.configure(port);
        }
        group.configure(primary.port());
        for (int number = 1; number <= COUNT; number++) {
            group.start("sentinel-" + number);
        }
        Shoppers.await("each Sentinel knows the replicas and the other two", group::isComplete);
        return group;
    }

    /** What a service of this user is told. The first Sentinel that it asks is away. */
    Map<String, String> variables(String user, String userPassword) {
        String places = Stream.concat(Stream.of(nobody), ports.stream())
                .map(port -> Listener.HOST + ":" + port)
                .collect(Collectors.joining(","));
        return Map.of(
                "SECKILL_REDIS_URI",
                "redis-sentinel://%s:%s@%s#%s".formatted(user, userPassword, places, NAME),
                "SECKILL_REDIS_SENTINEL_PASSWORD",
                password);
    }

    /** By what the first Sentinel says. */
    int primaryPort() {
        String info = ask(0, "INFO sentinel");
        String address = info.substring(info.indexOf("address=") + "address=".length());
        return Integer.parseInt(address.substring(address.indexOf(':') + 1, address.indexOf(',')));
    }

    /** The stack's own Redis has started again. The Sentinels make it a replica, once it may be one. */
    void awaitFollower(int port) {
        configure(port);
        Shoppers.await("the Sentinels made it a replica", () -> {
            try (RedisConsole console = new RedisConsole(port, primary.secrets().redis())) {
                return console.ask("INFO replication").contains("role:slave");
            }
        });
        RedisReplica.awaitInStep(port, primary.secrets().redis());
    }

    private void configure(int port) {
        RedisReplica.allow(port, primary.secrets().redis());
        try (RedisConsole console = new RedisConsole(port, primary.secrets().redis())) {
            console.ask("CONFIG SET min-replicas-to-write 1");
            console.ask("CONFIG SET min-replicas-max-lag 2");
        }
    }

    /** As an operator does it, with both servers well. */
    void failover() {
        ask(0, "SENTINEL FAILOVER " + NAME);
    }

    private void start(String name) throws IOException {
        Home home = primary.home();
        int port = FreePorts.one();
        Path directory = Files.createDirectories(home.data(name));
        Path configuration = home.conf().resolve(name + ".conf");
        Home.writePrivate(configuration, """
                bind %s
                port %d
                dir "%s"
                set-proc-title no
                requirepass %s
                sentinel sentinel-pass %s
                sentinel monitor %s %s %d 2
                sentinel auth-pass %s %s
                sentinel down-after-milliseconds %s 2000
                sentinel failover-timeout %s 10000
                """.formatted(
                        Listener.HOST,
                        port,
                        directory,
                        password,
                        password,
                        NAME,
                        Listener.HOST,
                        primary.port(),
                        NAME,
                        primary.secrets().redis(),
                        NAME,
                        NAME));
        supervisor.start(
                new Launch(
                        name,
                        configuration.toString(),
                        List.of(primary.program().executable().toString(), configuration.toString(), "--sentinel"),
                        primary.program().environment(directory),
                        directory,
                        home.log(name)),
                () -> {});
        supervisor.awaitReady(name, home.log(name), () -> Probe.redis(port, password), LIMIT);
        ports.add(port);
    }

    private static String replicaName(int number) {
        return "redis-replica-" + number;
    }

    private boolean isComplete() {
        for (int sentinel = 0; sentinel < COUNT; sentinel++) {
            if (!ask(sentinel, "INFO sentinel").contains("slaves=" + (COUNT - 1) + ",sentinels=" + COUNT)) {
                return false;
            }
        }
        return true;
    }

    private String ask(int sentinel, String question) {
        try (RedisConsole console = new RedisConsole(ports.get(sentinel), password)) {
            return console.ask(question);
        }
    }

    @Override
    public void close() {
        Map<String, Long> running = new LinkedHashMap<>();
        for (int number = 1; number <= ports.size(); number++) {
            String name = "sentinel-" + number;
            supervisor.childPid(name).ifPresent(pid -> running.put(name, pid));
        }
        for (int number = 1; number <= replicas.size(); number++) {
            String name = replicaName(number);
            supervisor.childPid(name).ifPresent(pid -> running.put(name, pid));
        }
        supervisor.stop(running, LIMIT, new Progress(System.out));
    }
}
