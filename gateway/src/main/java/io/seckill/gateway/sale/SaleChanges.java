package io.seckill.gateway.sale;

import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SaleKeys;
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
    private static final String CHANNEL = "seckill:changes";

    private SaleChanges() {}

    /** A connection of its own that calls back with the id of each sale that changed. */
    public static RedisLink subscribe(
            Vertx vertx, String redisUri, String name, int timeoutMs, Consumer<String> changed) {
        return new RedisLink(
                        vertx,
                        redisUri,
                        name,
                        timeoutMs,
                        connection ->
                                connection.send(Request.cmd(Command.SUBSCRIBE).arg(CHANNEL)))
                .pushHandler(message -> {
                    String saleId = saleId(message);
                    if (!saleId.isEmpty()) {
                        changed.accept(saleId);
                    }
                })
                .open();
    }

    static Future<?> publish(RedisLink redis, String saleId) {
        return redis.send(Request.cmd(Command.PUBLISH)
                .arg(CHANNEL)
                .arg(SaleKeys.of(saleId).sale()));
    }

    private static String saleId(Response message) {
        boolean isMessage = message != null
                && message.size() == 3
                && message.get(0).toString().equals("message");
        return isMessage ? SaleKeys.saleOf(message.get(2).toString()) : "";
    }
}
