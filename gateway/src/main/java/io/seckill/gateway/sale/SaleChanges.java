package io.seckill.gateway.sale;

import io.seckill.schema.config.RedisAddress;
import io.seckill.schema.order.OrderChanges;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.function.Consumer;

/**
 * The Redis channel on which everyone says that a sale changed: {@code seckill.lua} when the last unit goes, a gateway
 * when it loaded or altered a sale. A hint to look, never the change itself; a lost one is made up for by the poll.
 */
public final class SaleChanges {
    private static final String CHANNEL = SeckillFunctions.CHANGES;

    private SaleChanges() {}

    /**
     * A connection of its own that calls back with the id of each sale that changed, and with each hint of {@link
     * OrderChanges}.
     */
    public static RedisLink subscribe(
            Vertx vertx,
            RedisAddress address,
            String name,
            int timeoutMs,
            Consumer<String> changed,
            Consumer<String> ordersChanged) {
        return new RedisLink(
                        vertx,
                        address,
                        name,
                        timeoutMs,
                        connection -> connection.send(
                                Request.cmd(Command.SUBSCRIBE).arg(CHANNEL).arg(OrderChanges.CHANNEL)))
                .pushHandler(message -> {
                    if (!isMessage(message)) {
                        return;
                    }
                    String text = message.get(2).toString();
                    if (message.get(1).toString().equals(OrderChanges.CHANNEL)) {
                        ordersChanged.accept(text);
                    } else if (!SaleKeys.saleOf(text).isEmpty()) {
                        changed.accept(SaleKeys.saleOf(text));
                    }
                })
                .open();
    }

    static Future<?> publish(RedisLink redis, String saleId) {
        return redis.send(Request.cmd(Command.PUBLISH)
                .arg(CHANNEL)
                .arg(SaleKeys.of(saleId).sale()));
    }

    private static boolean isMessage(Response message) {
        return message != null
                && message.size() == 3
                && message.get(0).toString().equals("message");
    }
}
