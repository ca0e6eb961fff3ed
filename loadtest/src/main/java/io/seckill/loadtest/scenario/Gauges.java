package io.seckill.loadtest.scenario;

import io.seckill.loadtest.StackApi;
import io.seckill.loadtest.StoredOrders;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks now and then at what the answers do not tell: units left by the first gateway, orders by MySQL, messages by
 * RabbitMQ. One look at a time, so that a slow system is not asked faster than it answers.
 */
final class Gauges {
    private static final long PAUSE_MS = 200;
    private static final long PAUSE_OF_MANY_MS = 500;
    /** A look at RabbitMQ that cannot be had. */
    static final long NONE = -1;

    /**
     * What was seen.
     *
     * @param queued messages that wait in the order queue, each of one order or many; {@link #NONE} if not known
     */
    record Look(long epochMillis, long remaining, long stored, long queued) {}

    private final Vertx vertx;
    private final StackApi api;
    private final StoredOrders orders;
    private final AmqpLink amqp;
    private final String queue;
    private final String gateway;
    private final List<String> saleIds;
    private final List<Look> looks = new ArrayList<>();
    private volatile boolean stopped;
    private volatile Look last;

    /** @param amqp null if RabbitMQ is not to be asked */
    Gauges(Vertx vertx, StackApi api, StoredOrders orders, AmqpLink amqp, Topology topology, Sales sales) {
        this.vertx = vertx;
        this.api = api;
        this.orders = orders;
        this.amqp = amqp;
        this.queue = topology.orderQueue();
        this.gateway = sales.gateway();
        this.saleIds = sales.ids();
        this.last = new Look(0, sales.stock(), 0, NONE);
    }

    void start() {
        long began = System.currentTimeMillis();
        Future.all(remaining(), orders.sold(saleIds), queued())
                .onSuccess(all -> seen(new Look(began, all.resultAt(0), all.resultAt(1), all.resultAt(2))))
                // A failed look is repeated like any other: what matters shows in the audit.
                .onComplete(done -> {
                    if (!stopped) {
                        vertx.setTimer(saleIds.size() == 1 ? PAUSE_MS : PAUSE_OF_MANY_MS, id -> start());
                    }
                });
    }

    private Future<Long> remaining() {
        List<Future<JsonObject>> all =
                saleIds.stream().map(id -> api.sale(gateway, id)).toList();
        return Future.all(all).map(done -> all.stream()
                .mapToLong(sale -> sale.result().getLong("remaining"))
                .sum());
    }

    private Future<Long> queued() {
        if (amqp == null || amqp.current() == null) {
            return Future.succeededFuture(NONE);
        }
        return amqp.current().onChannel(channel -> channel.messageCount(queue)).otherwise(NONE);
    }

    private synchronized void seen(Look look) {
        looks.add(look);
        last = look;
    }

    Look last() {
        return last;
    }

    synchronized List<Look> looks() {
        return List.copyOf(looks);
    }

    void stop() {
        stopped = true;
    }
}
