package io.seckill.worker;

import com.rabbitmq.client.AMQP;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderEvents;
import io.seckill.schema.message.OrderEvents.Event;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells of orders that were just stored, before their deliveries are acked: an event to everyone else, which is sent until
 * it is confirmed, since the unacked delivery is its outbox; and the orders once more to themselves, for the end of their
 * payment window, with a few tries only, since a sweep is behind it.
 */
final class OrderAnnouncer {
    // Rather just after the window's end than just before: before it, nothing would expire.
    private static final int MARGIN_MS = 20;
    // RabbitMQ takes no longer TTL; the sweep finds what has not ended by then.
    private static final long MAX_TTL_MS = 4_000_000_000L;

    private final ConfirmedPublisher publisher;
    private final Topology topology;
    private final DatabaseClock clock;
    private final SettlingMetrics metrics;

    OrderAnnouncer(ConfirmedPublisher publisher, Topology topology, DatabaseClock clock, SettlingMetrics metrics) {
        this.publisher = publisher;
        this.topology = topology;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * @param batches as they came
     * @param stored the orders of them that are in MySQL now, or were before
     * @return fails only when a drain began before the events are confirmed
     */
    Future<Void> stored(Collection<OrderBatch> batches, List<OrderRow> stored) {
        List<Future<?>> all = new ArrayList<>();
        for (OrderEvents.Message message : OrderEvents.messages(events(stored))) {
            all.add(publisher
                    .publish(topology.eventExchange(), message.routingKey(), OrderEvents.properties(), message.body())
                    .onSuccess(v -> metrics.published(1)));
        }
        byWindow(batches)
                .forEach((window, lots) -> all.add(delay(window, lots).otherwise(e -> {
                    metrics.delayFailed();
                    return null;
                })));
        return Future.all(all).mapEmpty();
    }

    private static List<Event> events(List<OrderRow> stored) {
        List<Event> events = new ArrayList<>(stored.size());
        for (OrderRow row : stored) {
            events.add(new Event(
                    row.orderId(),
                    row.lot().saleId(),
                    row.line().userId(),
                    row.line().quantity(),
                    row.line().attempt(),
                    "pending_payment",
                    row.lot().createdAt()));
        }
        return events;
    }

    /** What goes into one message each: lots of one payment window, as many as a message takes. */
    static Map<Integer, List<OrderBatch>> byWindow(Collection<OrderBatch> batches) {
        Map<Integer, List<List<Lot>>> windows = new TreeMap<>();
        for (OrderBatch batch : batches) {
            for (Lot lot : batch.lots()) {
                List<List<Lot>> messages =
                        windows.computeIfAbsent(lot.paymentWindowSeconds(), window -> new ArrayList<>());
                List<Lot> last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
                if (last == null || orders(last) + lot.orders().size() > OrderBatch.MAX_ORDERS) {
                    last = new ArrayList<>();
                    messages.add(last);
                }
                last.add(lot);
            }
        }
        Map<Integer, List<OrderBatch>> byWindow = new TreeMap<>();
        windows.forEach((window, messages) ->
                byWindow.put(window, messages.stream().map(OrderBatch::new).toList()));
        return byWindow;
    }

    private static int orders(List<Lot> lots) {
        return lots.stream().mapToInt(lot -> lot.orders().size()).sum();
    }

    private Future<Void> delay(int window, List<OrderBatch> batches) {
        return publisher.declareDelay(window).compose(v -> Future.all(batches.stream()
                        .map(batch ->
                                publisher.publishBriefly("", topology.delayQueue(window), ttl(batch), batch.encode()))
                        .toList())
                .mapEmpty());
    }

    private AMQP.BasicProperties ttl(OrderBatch batch) {
        long payBy = batch.lots().stream()
                .mapToLong(lot -> lot.payBy().toEpochMilli())
                .max()
                .orElseThrow();
        long ttl = Math.min(MAX_TTL_MS, Math.max(0, payBy - clock.nowMs() + MARGIN_MS));
        return Topology.orderBatchProperties()
                .builder()
                .expiration(Long.toString(ttl))
                .build();
    }
}
