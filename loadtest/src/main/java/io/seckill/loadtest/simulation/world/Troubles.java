package io.seckill.loadtest.simulation.world;

import io.seckill.loadtest.simulation.Defect;
import io.seckill.loadtest.simulation.redis.RedisServer.Left;
import io.seckill.loadtest.simulation.redis.Versions;
import io.seckill.loadtest.simulation.sql.SqlError;
import io.seckill.schema.redis.FunctionLibrary;
import io.vertx.core.buffer.Buffer;
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
        REDIS_CUTS,
        REDIS_RESTARTED,
        REDIS_LOST,
        REDIS_ROLLED_BACK,
        REBUILD_ASKED
    }

    private static final List<Kind> ALL = List.of(Kind.values());
    private static final List<Kind> REDIS_FORGETS =
            List.of(Kind.REDIS_RESTARTED, Kind.REDIS_LOST, Kind.REDIS_ROLLED_BACK);

    private final World world;
    private final Chance chance;
    private final List<Kind> chosen = new ArrayList<>();
    private final Ambush ambush;
    private final boolean longStop;
    private final boolean upgraded;
    private final long forMs;
    private boolean on;
    private Runnable rush;

    Troubles(World world) {
        this.world = world;
        this.chance = world.chance();
        ambush = chance.perMille(300) ? new Ambush(world, chance.of(List.of(Ambush.Kind.values()))) : null;
        int many = ambush == null ? chance.below(10) : chance.below(4);
        for (int i = many < 1 ? 0 : many < 4 ? 1 : many < 9 ? 2 : 3; i > 0; i--) {
            // What Redis forgets is the hardest to come back from.
            chosen.add(chance.of(chance.perMille(200) ? REDIS_FORGETS : ALL));
        }
        upgraded = chance.perMille(ambush != null && ambush.kind() == Ambush.Kind.GATEWAY_BEHIND ? 750 : 250);
        boolean stops = chosen.contains(Kind.GATEWAY_STOPPED) || chosen.contains(Kind.WORKER_STOPPED);
        longStop = stops && chance.perMille(250);
        int usualMs = longStop ? 18_000 : chosen.stream().anyMatch(REDIS_FORGETS::contains) ? 10_000 : 6_000;
        forMs = ambush == null ? usualMs : Math.max(usualMs, ambush.forMs());
    }

    List<Kind> chosen() {
        return chosen;
    }

    /** How long it lasts. */
    long forMs() {
        return forMs;
    }

    /** What a process that starts now brings: while an upgrade is under way, either version. */
    FunctionLibrary functions() {
        return upgraded && chance.perMille(500) ? Versions.NEXT : Versions.THIS;
    }

    boolean areOn() {
        return on;
    }

    private boolean has(Kind kind) {
        return on && chosen.contains(kind);
    }

    /**
     * Begins; what lasts is over at the end, what happens once happens in between.
     *
     * @param crowdComes lets more shoppers come at once
     */
    void begin(Runnable crowdComes) {
        on = true;
        rush = crowdComes;
        world.redis().save();
        world.trace("troubles: " + chosen.toString().toLowerCase(Locale.ROOT) + " for " + forMs + " ms"
                + (ambush == null
                        ? ""
                        : ", and an ambush: " + ambush.kind().name().toLowerCase(Locale.ROOT)));
        if (ambush != null) {
            ambush.lay(crowdComes);
        }
        for (Kind kind : chosen) {
            int times = 1 + chance.below(3);
            for (int i = 0; i < times; i++) {
                // The first of Redis' early, so that the others meet the rebuild.
                long at = chance.upTo(i == 0 && REDIS_FORGETS.contains(kind) ? forMs / 3 : forMs);
                later(at, () -> strike(kind, lasts()));
            }
        }
    }

    // Never longer than until all troubles are over.
    private long lasts() {
        return longStop ? 11_000 + chance.upTo(4_000) : 100 + chance.upTo(3_000);
    }

    /** All is well from now on, or will be in a moment. */
    void end() {
        on = false;
        if (ambush != null) {
            ambush.lift();
        }
        world.broker().block(false);
        world.broker().start();
        world.mysql().start();
        if (world.has(Defect.REDIS_STAYS_AWAY)) {
            world.redis().stop(Left.ALL);
        } else {
            world.redis().start();
        }
        world.fleet().all().forEach(place -> place.process().goOn());
    }

    private void later(long ms, Runnable action) {
        world.scheduler().in(ms * MS, null, this, () -> {
            if (on) {
                action.run();
            }
        });
    }

    /** A server just did something for a process: the worst moment for it to die, or to be stopped. */
    void served(ProcessLife process, String what) {
        if (ambush != null) {
            ambush.served(process, what);
        }
        if (!on || !chance.perMille(40)) {
            return;
        }
        boolean gateway = world.fleet().isGateway(process);
        if (has(gateway ? Kind.GATEWAY_KILLED : Kind.WORKER_KILLED)) {
            world.crash(process);
        } else if (has(gateway ? Kind.GATEWAY_STOPPED : Kind.WORKER_STOPPED)) {
            stop(process, lasts());
        }
    }

    void delivered(ProcessLife process, String queue) {
        if (ambush != null) {
            ambush.delivered(process, queue);
        }
    }

    long holdNanos(ProcessLife process, String exchange) {
        return ambush == null ? 0 : ambush.holdNanos(process, exchange);
    }

    /** A message that nobody can read, if one was sent. */
    Buffer poison() {
        return ambush == null ? null : ambush.poison();
    }

    private void strike(Kind kind, long lastsMs) {
        long shortMs = Math.min(lastsMs, 3_000);
        switch (kind) {
            case GATEWAY_KILLED ->
                world.crash(chance.of(world.fleet().gateways()).process());
            case WORKER_KILLED -> world.crash(chance.of(world.fleet().workers()).process());
            case GATEWAY_STOPPED -> stop(chance.of(world.fleet().gateways()).process(), lastsMs);
            case WORKER_STOPPED -> stop(chance.of(world.fleet().workers()).process(), lastsMs);
            case BROKER_AWAY -> {
                world.broker().stop();
                later(shortMs, world.broker()::start);
            }
            case BROKER_CUTS -> times(4, shortMs, world.broker()::cutOne);
            case BROKER_BLOCKS -> {
                world.broker().block(true);
                later(shortMs, () -> world.broker().block(false));
            }
            case MYSQL_AWAY -> {
                world.mysql().stop();
                later(shortMs, world.mysql()::start);
            }
            case MYSQL_CUTS -> times(4, shortMs, world.mysql()::cutOne);
            case REDIS_CUTS -> times(6, shortMs, world.redis()::cutOne);
            case REDIS_RESTARTED -> redis(Left.ALL);
            case REDIS_LOST -> redis(Left.NOTHING);
            case REDIS_ROLLED_BACK -> {
                if (chance.perMille(500)) {
                    world.redis().save();
                }
                later(chance.upTo(1_500), () -> redis(Left.A_SNAPSHOT));
            }
            case REBUILD_ASKED -> new Operator(world).rebuild();
            default -> {}
        }
    }

    private void times(int many, long withinMs, Runnable action) {
        for (int i = 0; i < many; i++) {
            later(chance.upTo(withinMs), action);
        }
    }

    // Either for a moment, or until everyone else has given it up.
    private void stop(ProcessLife process, long lastsMs) {
        if (process.isAlive() && !process.isStopped()) {
            process.stop();
            later(lastsMs, process::goOn);
        }
    }

    private void redis(Left left) {
        world.redis().stop(left);
        // Whoever was waiting comes back with it, before anyone has noticed what it forgot.
        later(50 + chance.upTo(1_000), () -> {
            world.redis().start();
            rush.run();
        });
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
