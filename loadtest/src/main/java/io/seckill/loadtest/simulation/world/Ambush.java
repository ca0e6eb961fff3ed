package io.seckill.loadtest.simulation.world;

import io.seckill.loadtest.simulation.redis.RedisServer.Left;
import io.seckill.schema.amqp.Topology;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Strikes when a process gets to a certain step: two or three things at one very moment, which random times seldom meet. At
 * most once in a world.
 */
final class Ambush {
    private static final long MS = 1_000_000L;
    private static final Topology TOPOLOGY = new Topology("seckill");

    /** What strikes, and where. */
    enum Kind {
        /** RabbitMQ takes its time to write a lot down, no more than the promise allows; meanwhile Redis forgets. */
        LOT_SLOW,
        /** The same for much longer, and its gateway is stopped until after the confirm. */
        LOT_LATE,
        /** A gateway dies with a reservation that nobody else has; its shoppers ask another; then Redis forgets. */
        RESERVATION_LOST,
        /** A worker is stopped with an order in its hands, and Redis forgets. */
        DELIVERY_HELD,
        /** Who rebuilds a sale is stopped in the middle of it, until another has done it. */
        REBUILDER_STOPPED,
        /** A gateway is stopped with shoppers at its door, and goes on when a rebuild that it never heard of has counted. */
        GATEWAY_BEHIND,
        /** RabbitMQ loses a dead letter before its confirm, and the worker that sent it dies. */
        LETTER_LOST
    }

    private static final Set<Kind> PASSED_BY_MANY =
            EnumSet.of(Kind.LOT_SLOW, Kind.LOT_LATE, Kind.RESERVATION_LOST, Kind.DELIVERY_HELD);
    /** What a rebuild does when it has counted, and writes nothing of it into Redis before. */
    private static final String COUNTED = "UPDATE sale_row SET accept_epoch";

    private static final int BEHIND_MS = 9_000;
    /** A coordinator's lease must be over. */
    private static final int LEASE_MS = 10_000;

    private final World world;
    private final Chance chance;
    private final Kind kind;
    private Runnable crowdComes;
    private int passing;
    private boolean laid;
    private boolean struck;
    private ProcessLife behind;
    private Buffer poison;

    Ambush(World world, Kind kind) {
        this.world = world;
        this.chance = world.chance();
        this.kind = kind;
        // Where many come along, not always the first.
        this.passing = PASSED_BY_MANY.contains(kind) ? chance.below(4) : 0;
    }

    Kind kind() {
        return kind;
    }

    /** How long troubles with it have to last. */
    int forMs() {
        return kind == Kind.REBUILDER_STOPPED ? 20_000 : 12_000;
    }

    /** @param crowdComes lets more shoppers come at once */
    void lay(Runnable crowdComes) {
        this.crowdComes = crowdComes;
        laid = true;
        switch (kind) {
            case REBUILDER_STOPPED -> later(chance.upTo(1_500), this::forget);
            case GATEWAY_BEHIND ->
                later(chance.upTo(2_000), () -> {
                    new Operator(world).rebuild();
                    later(20 + chance.upTo(300), this::leaveBehind);
                });
            case LETTER_LOST -> {
                poison = Buffer.buffer("poison");
                later(chance.upTo(2_000), () -> world.broker().put(TOPOLOGY.orderQueue(), poison));
            }
            default -> {}
        }
    }

    /** What has not happened yet does not happen any more. */
    void lift() {
        laid = false;
    }

    /** A message that nobody can read, if one was sent; an operator has to find it. */
    Buffer poison() {
        return poison;
    }

    /** A server did something for a process that does not know yet. */
    void served(ProcessLife process, String what) {
        if (kind == Kind.RESERVATION_LOST && what.equals("seckill_reserve") && strikes(process)) {
            world.crash(process);
            later(1_800 + chance.upTo(1_500), this::forget);
        } else if (kind == Kind.REBUILDER_STOPPED && what.equals("seckill_rebuild") && strikes(process)) {
            stop(process, LEASE_MS + 1_500 + chance.upTo(3_500));
        } else if (behind != null && what.startsWith(COUNTED)) {
            later(chance.upTo(2), behind::goOn);
        }
    }

    private void leaveBehind() {
        ProcessLife gateway = chance.of(world.fleet().gateways()).process();
        if (strikes(gateway)) {
            behind = gateway;
            gateway.stop();
            later(chance.upTo(2_000), crowdComes);
            later(BEHIND_MS, gateway::goOn);
        }
    }

    /** RabbitMQ gives a worker a message. */
    void delivered(ProcessLife process, String queue) {
        if (kind == Kind.DELIVERY_HELD && queue.equals(TOPOLOGY.orderQueue()) && strikes(process)) {
            stop(process, 4_000 + chance.upTo(5_000));
            forget();
        }
    }

    /** RabbitMQ got a message. @return how long it takes to write it down, besides the usual; negative: it loses it */
    long holdNanos(ProcessLife process, String exchange) {
        if (kind == Kind.LETTER_LOST && exchange.equals(TOPOLOGY.deadExchange()) && strikes(process)) {
            crowdComes.run();
            later(500 + chance.upTo(1_200), () -> world.crash(process));
            return -1;
        }
        boolean lot = exchange.equals(TOPOLOGY.orderExchange()) && world.fleet().isGateway(process);
        if (kind == Kind.LOT_SLOW && lot && strikes(process)) {
            forget();
            return (900 + chance.upTo(1_000)) * MS;
        } else if (kind == Kind.LOT_LATE && lot && strikes(process)) {
            long holdMs = 4_000 + chance.upTo(2_000);
            forget();
            stop(process, holdMs + 100 + chance.upTo(1_000));
            return holdMs * MS;
        }
        return 0;
    }

    private boolean strikes(ProcessLife process) {
        if (!laid || struck || !process.isAlive() || process.isStopped() || passing-- > 0) {
            return false;
        }
        struck = true;
        world.trace("ambush: " + kind.name().toLowerCase(Locale.ROOT));
        return true;
    }

    private void stop(ProcessLife process, long forMs) {
        process.stop();
        later(forMs, process::goOn);
    }

    private void forget() {
        world.redis().stop(chance.of(List.of(Left.NOTHING, Left.A_SNAPSHOT)));
        later(20 + chance.upTo(60), () -> {
            world.redis().start();
            crowdComes.run();
        });
    }

    private void later(long ms, Runnable action) {
        world.scheduler().in(ms * MS, null, this, () -> {
            if (laid) {
                action.run();
            }
        });
    }
}
