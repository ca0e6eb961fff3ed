package io.seckill.loadtest.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What can happen to a stack. A {@link ChaosPlan} deals them out, a {@link Site} carries them out.
 *
 * <p>Lengths are milliseconds from the moment it strikes to the moment it is over; a killed process is started again then.
 */
public enum FaultKind {
    KILL_GATEWAY("kill-gateway", Victim.GATEWAY, 200, 3_000, "kill -9, started again after the length"),
    KILL_WORKER("kill-worker", Victim.WORKER, 200, 3_000, "likewise"),
    KILL_PAYMENTS("kill-payments", Victim.PAYMENTS, 200, 2_000, "likewise, the test payment provider"),
    KILL_REDIS("kill-redis", Victim.REDIS, 100, 2_000, "likewise, with what its append-only file has"),
    KILL_RABBITMQ("kill-rabbitmq", Victim.RABBITMQ, 100, 2_000, "likewise"),
    KILL_MYSQL("kill-mysql", Victim.MYSQL, 100, 2_000, "likewise"),
    STOP_GATEWAY("stop-gateway", Victim.GATEWAY, 1_000, 12_000, "SIGSTOP, then SIGCONT"),
    STOP_WORKER("stop-worker", Victim.WORKER, 1_000, 12_000, "likewise"),
    STOP_REDIS("stop-redis", Victim.REDIS, 1_000, 8_000, "likewise"),
    STOP_RABBITMQ("stop-rabbitmq", Victim.RABBITMQ, 1_000, 12_000, "likewise"),
    STOP_MYSQL("stop-mysql", Victim.MYSQL, 1_000, 12_000, "likewise"),
    DELAY("delay", Victim.LINK, 1_000, 6_000, "50 to 500 ms more, each way, on one process's way to one server"),
    BLACKHOLE("blackhole", Victim.LINK, 1_000, 8_000, "nothing passes, either way; what was sent arrives in the end"),
    HOLD_REQUESTS("hold-requests", Victim.LINK, 1_000, 8_000, "nothing passes towards the server"),
    HOLD_REPLIES("hold-replies", Victim.LINK, 1_000, 8_000, "nothing passes back from the server"),
    RESET("reset", Victim.LINK, 200, 3_000, "connections are cut, new ones at once"),
    CUT_REPLY("cut-reply", Victim.LINK, 500, 3_000, "requests arrive, connections are cut instead of their replies"),
    REDIS_FLUSH("redis-flush", Victim.REDIS, 0, 0, "FLUSHALL"),
    REDIS_ROLLBACK("redis-rollback", Victim.REDIS, 300, 2_500, "killed, started with the files of the length before"),
    REDIS_FAILOVER(
            "redis-failover", Victim.REDIS, 500, 2_500, "killed, its replica takes over; then back the same way"),
    RABBITMQ_RESTART("rabbitmq-restart", Victim.RABBITMQ, 100, 2_000, "SIGTERM, started again"),
    RABBITMQ_ALARM("rabbitmq-alarm", Victim.RABBITMQ, 1_000, 5_000, "memory alarm: publishers are blocked"),
    RABBITMQ_QUEUE("rabbitmq-queue", Victim.RABBITMQ, 0, 0, "the order queue is deleted, with what is in it"),
    MYSQL_AWAY("mysql-away", Victim.MYSQL, 10_000, 60_000, "SIGTERM, started again, seldom after more than 20 s"),
    CLOCK_SKEW("clock-skew", Victim.SERVICE, 2_500, 8_000, "a gateway or worker with a clock up to 5 min off");

    /** What it can hit. */
    enum Victim {
        GATEWAY,
        WORKER,
        SERVICE,
        PAYMENTS,
        REDIS,
        RABBITMQ,
        MYSQL,
        LINK;

        private static final List<String> SERVERS = List.of("redis", "rabbitmq", "mysql");
        private static final List<String> GATEWAYS = List.of("gateway-1", "gateway-2");
        private static final List<String> WORKERS = List.of("worker-1", "worker-2");

        /** All that are there: processes by name, and each service's link to each server. */
        List<String> candidates() {
            List<String> services = new ArrayList<>(GATEWAYS);
            services.addAll(WORKERS);
            return switch (this) {
                case GATEWAY -> GATEWAYS;
                case WORKER -> WORKERS;
                case SERVICE -> services;
                case PAYMENTS -> List.of("payments");
                case REDIS -> List.of("redis");
                case RABBITMQ -> List.of("rabbitmq");
                case MYSQL -> List.of("mysql");
                case LINK ->
                    services.stream()
                            .flatMap(service -> SERVERS.stream().map(server -> PlannedFault.link(service, server)))
                            .toList();
            };
        }
    }

    final String title;
    final Victim victim;
    final int shortestMs;
    final int longestMs;
    final String description;

    FaultKind(String title, Victim victim, int shortestMs, int longestMs, String description) {
        this.title = title;
        this.victim = victim;
        this.shortestMs = shortestMs;
        this.longestMs = longestMs;
        this.description = description;
    }

    /** Whether it strikes, and has taken effect, before the first shopper comes. */
    boolean isBeforehand() {
        return this == CLOCK_SKEW;
    }

    /** Its name on the command line and in reports. */
    public String title() {
        return title;
    }

    public String description() {
        return description;
    }

    public static Optional<FaultKind> of(String title) {
        return Arrays.stream(values()).filter(kind -> kind.title.equals(title)).findFirst();
    }

    public static String titles() {
        return Arrays.stream(values()).map(FaultKind::title).collect(Collectors.joining(", "));
    }
}
