package io.seckill.schema.order;

import io.seckill.schema.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Collection;
import java.util.List;

/**
 * The Redis channel on which everyone says that orders of a sale changed in MySQL: one message a transaction, with the ids
 * of the sales. A hint to look, never the change itself; who waits for an order looks now and then without it too.
 */
public final class OrderChanges {
    public static final String CHANNEL = "seckill:orders";

    private OrderChanges() {}

    /** Best effort: nobody may depend on it. */
    public static Future<Void> publish(RedisLink redis, Collection<String> saleIds) {
        if (saleIds.isEmpty()) {
            return Future.succeededFuture();
        }
        return redis.send(Request.cmd(Command.PUBLISH).arg(CHANNEL).arg(String.join(" ", saleIds)))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** The sale ids in a message of the channel. */
    public static List<String> saleIds(String message) {
        return List.of(message.split(" "));
    }
}
