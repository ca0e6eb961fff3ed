package io.seckill.gateway.purchase;

import io.seckill.gateway.tracing.MessageTrace;
import io.seckill.gateway.tracing.OrderTrace;
import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends accepted lots to RabbitMQ, one message in flight: what is accepted while a confirm is awaited goes together in
 * the next message. On one event loop.
 *
 * <p>A lot that cannot leave within the deadline is not sent: its buyers have their answer, it is in the outbox, and those for
 * whom somebody still waits go first. So what is held here is what was accepted within one deadline, and a gateway that was
 * stopped sends nothing that is long a relay's to send, or that a rebuild has left behind.
 */
public final class OrderPublisher {
    /** Told of each confirm, for the metrics. */
    @FunctionalInterface
    public interface Confirms {
        void confirmed(int orders, long nanos);
    }

    private static final class Entry {
        final Lot lot;
        final List<OrderTrace> traces;
        final long sinceNanos;
        final Promise<Void> confirm = Promise.promise();

        Entry(Lot lot, List<OrderTrace> traces, long sinceNanos) {
            this.lot = lot;
            this.traces = traces;
            this.sinceNanos = sinceNanos;
        }
    }

    private final AmqpLink amqp;
    private final Topology topology;
    private final PromiseDeadline deadline;
    private final Confirms confirms;

    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private final Map<String, Future<Void>> underWay = new HashMap<>();
    private boolean busy;
    private long missed;

    /** @param deadlineMs what waits longer is left to a relay */
    public OrderPublisher(AmqpLink amqp, Topology topology, int deadlineMs, Confirms confirms) {
        this.amqp = amqp;
        this.topology = topology;
        this.deadline = new PromiseDeadline(deadlineMs);
        this.confirms = confirms;
    }

    /** False while RabbitMQ is away or asked publishers to stop: then nothing may be reserved. */
    public boolean isReady() {
        AmqpGeneration generation = amqp.current();
        return generation != null && !generation.isBlocked();
    }

    /** Lots not confirmed yet. */
    public int unconfirmed() {
        return underWay.size();
    }

    /** Lots so far of which it is not known whether RabbitMQ has them, or that were left to a relay. */
    public long missed() {
        return missed;
    }

    /**
     * @param traces of the traced orders among its orders
     * @param sinceNanos since when somebody waits for it, by the monotonic clock
     * @return succeeds when RabbitMQ confirmed the lot; fails when that is not known. The lot stays in the outbox then,
     *     and a relay sends it again.
     */
    public Future<Void> publish(Lot lot, List<OrderTrace> traces, long sinceNanos) {
        return publish(lot, traces, key(lot), sinceNanos);
    }

    /**
     * One buyer's order out of a lot that may not have arrived: its lot's confirm if that is awaited on this very loop,
     * otherwise its own. What is under way for one buyer says nothing of the others in the lot.
     */
    public Future<Void> publishAgain(Lot alone) {
        Future<Void> whole = underWay.get(key(alone));
        if (whole != null) {
            return whole;
        }
        String key = key(alone) + '/' + alone.orders().get(0).userId();
        Future<Void> same = underWay.get(key);
        return same != null ? same : publish(alone, List.of(), key, System.nanoTime());
    }

    private Future<Void> publish(Lot lot, List<OrderTrace> traces, String key, long sinceNanos) {
        Entry entry = new Entry(lot, traces, sinceNanos);
        Future<Void> confirm = entry.confirm.future().onFailure(e -> missed++).onComplete(done -> underWay.remove(key));
        underWay.put(key, confirm);
        waiting.add(entry);
        if (!busy) {
            next();
        }
        return confirm;
    }

    private static String key(Lot lot) {
        return lot.saleId() + '/' + lot.id();
    }

    private void next() {
        dropLate();
        List<Entry> entries = take();
        if (entries.isEmpty()) {
            busy = false;
            return;
        }
        busy = true;
        AmqpGeneration generation = amqp.current();
        if (generation == null) {
            entries.forEach(entry -> entry.confirm.fail("not connected to RabbitMQ"));
            next();
            return;
        }
        long started = System.nanoTime();
        OrderBatch batch =
                new OrderBatch(entries.stream().map(entry -> entry.lot).toList());
        MessageTrace trace = MessageTrace.leaving(entries, entry -> entry.traces, batch.orders());
        generation
                .publish(
                        topology.orderExchange(),
                        Topology.ORDER_BATCH_KEY,
                        trace.properties(Topology.orderBatchProperties()),
                        batch.encode(),
                        CrashPoint.PURCHASE_PUBLISHED::reach)
                .onComplete(done -> {
                    if (done.succeeded()) {
                        confirms.confirmed(batch.orders(), System.nanoTime() - started);
                    }
                    trace.confirmed(done);
                    entries.forEach(entry -> entry.confirm.handle(done));
                    next();
                });
    }

    private void dropLate() {
        long now = System.nanoTime();
        while (!waiting.isEmpty() && deadline.hasPassed(waiting.peek().sinceNanos, now)) {
            waiting.poll().confirm.fail("too late; a relay sends it");
        }
    }

    // Whole lots, together at most one message's worth of orders.
    private List<Entry> take() {
        List<Entry> entries = new ArrayList<>();
        int orders = 0;
        while (!waiting.isEmpty()) {
            int more = waiting.peek().lot.orders().size();
            if (orders > 0 && orders + more > OrderBatch.MAX_ORDERS) {
                break;
            }
            orders += more;
            entries.add(waiting.poll());
        }
        return entries;
    }
}
