package io.seckill.loadtest.simulation.world;

import io.seckill.loadtest.simulation.redis.RedisServer.Left;
import io.seckill.loadtest.simulation.sql.SqlError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What goes wrong in this world, and when: none, one, or several troubles at a time, until they all end. */
final class Troubles {
    private static final long MS = 1_000_000L;

    /** Kinds of trouble. */
    enum Kind {
        GATEWAY_KILLED,
        WORKER_KILLED,
        GATEWAY_STOPPED,
        WORKER_STOPPED,
        KILLED_AT_A_STEP,
        CLOCKS_WRONG,
        NETWORK_SLOW,
        HINTS_LOST,
        BROKER_AWAY,
        BROKER_CUTS,
        BROKER_BLOCKS,
        CONFIRMS_LATE,
        MESSAGES_REFUSED,
        MYSQL_AWAY,
        MYSQL_CUTS,
        COMMITS_LOST,
        DEADLOCKS,
        REDIS_RESTARTED,
        REDIS_LOST,
        REDIS_ROLLED_BACK
    }

    private static final List<Kind> WITHOUT_REBUILD = List.of(Kind.values()).subList(0, Kind.REDIS_RESTARTED.ordinal());

    private final World world;
    private final Chance chance;
    private final List<Kind> chosen = new ArrayList<>();
    private boolean on;

    Troubles(World world) {
        this.world = world;
        this.chance = world.chance();
        List<Kind> possible = world.database().has("sale_rebuild") ? List.of(Kind.values()) : WITHOUT_REBUILD;
        int many = chance.below(10);
        for (int i = many < 1 ? 0 : many < 4 ? 1 : many < 9 ? 2 : 3; i > 0; i--) {
            chosen.add(chance.of(possible));
        }
    }

    List<Kind> chosen() {
        return chosen;
    }

    boolean has(Kind kind) {
        return on && chosen.contains(kind);
    }

    /** Begins; what lasts is over at the end, what happens once happens in between. */
    void begin(long forMs) {
        on = true;
        world.trace("troubles: " + chosen.toString().toLowerCase(Locale.ROOT));
        for (Kind kind : chosen) {
            int times = 1 + chance.below(3);
            for (int i = 0; i < times; i++) {
                long at = chance.upTo(forMs);
                world.scheduler()
                        .in(at * MS, null, this, () -> strike(kind, Math.min(forMs - at, 200 + chance.upTo(3_000))));
            }
        }
    }

    void end() {
        on = false;
        world.fleet().all().forEach(place -> place.process().goOn());
    }

    private void later(long ms, Runnable action) {
        world.scheduler().in(ms * MS, null, this, action);
    }

    private void strike(Kind kind, long lastsMs) {
        switch (kind) {
            case GATEWAY_KILLED -> kill(world.fleet().gateways());
            case WORKER_KILLED -> kill(world.fleet().workers());
            case GATEWAY_STOPPED -> stop(world.fleet().gateways(), lastsMs);
            case WORKER_STOPPED -> stop(world.fleet().workers(), lastsMs);
            case BROKER_AWAY -> {
                world.broker().stop();
                later(lastsMs, world.broker()::start);
            }
            case BROKER_CUTS -> {
                for (int i = 0; i < 4; i++) {
                    later(chance.upTo(lastsMs + 1), world.broker()::cutOne);
                }
            }
            case BROKER_BLOCKS -> {
                world.broker().block(true);
                later(lastsMs, () -> world.broker().block(false));
            }
            case MYSQL_AWAY -> {
                world.mysql().stop();
                later(lastsMs, world.mysql()::start);
            }
            case MYSQL_CUTS -> {
                for (int i = 0; i < 4; i++) {
                    later(chance.upTo(lastsMs + 1), world.mysql()::cutOne);
                }
            }
            case REDIS_RESTARTED -> redis(Left.ALL, lastsMs);
            case REDIS_LOST -> redis(Left.NOTHING, lastsMs);
            case REDIS_ROLLED_BACK -> {
                world.redis().save();
                later(chance.upTo(1_000), () -> redis(Left.A_SNAPSHOT, Math.min(lastsMs, 500)));
            }
            default -> {}
        }
    }

    private void kill(List<Fleet.Place> places) {
        world.crash(chance.of(places).process());
    }

    // Either for a moment, or until the broker has given up on it.
    private void stop(List<Fleet.Place> places, long lastsMs) {
        Process process = chance.of(places).process();
        if (process.isAlive() && !process.isStopped()) {
            process.stop();
            later(lastsMs, process::goOn);
        }
    }

    private void redis(Left left, long lastsMs) {
        if (chance.perMille(500)) {
            world.redis().save();
        }
        world.redis().stop(left);
        later(Math.min(lastsMs, 50 + chance.upTo(1_000)), world.redis()::start);
    }

    long clockSkewMs(String name) {
        return chosen.contains(Kind.CLOCKS_WRONG) ? chance.between(-300_000, 300_000) : 0;
    }

    long latency() {
        long usual = 80_000 + chance.upTo(900_000);
        if (has(Kind.NETWORK_SLOW) && chance.perMille(100)) {
            return usual + chance.upTo(1_500 * MS);
        }
        return chance.perMille(10) ? usual + chance.upTo(40 * MS) : usual;
    }

    long confirmNanos() {
        return has(Kind.CONFIRMS_LATE) && chance.perMille(300) ? chance.upTo(3_500 * MS) : 50_000;
    }

    boolean refusesMessage() {
        return has(Kind.MESSAGES_REFUSED) && chance.perMille(200);
    }

    boolean losesHint() {
        return has(Kind.HINTS_LOST) && chance.perMille(700);
    }

    boolean cutsAtCommit() {
        return has(Kind.COMMITS_LOST) && chance.perMille(60);
    }

    SqlError mysqlError(String sql) {
        boolean writes = sql.startsWith("INSERT") || sql.startsWith("UPDATE");
        return writes && has(Kind.DEADLOCKS) && chance.perMille(100) ? SqlError.deadlock() : null;
    }

    boolean crashesHere() {
        return has(Kind.KILLED_AT_A_STEP) && chance.perMille(150);
    }
}
