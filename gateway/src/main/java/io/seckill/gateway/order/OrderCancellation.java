package io.seckill.gateway.order;

import io.seckill.gateway.http.Problem;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.order.EndedOrder;
import io.seckill.schema.order.OrderChanges;
import io.seckill.schema.order.OrderEnd;
import io.seckill.schema.order.OrderEnding;
import io.seckill.schema.order.RestockOutbox;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels unpaid orders. Its units are back on sale when the shopper has the answer, so that she can buy anew at once; should
 * that fail, or this process die, a worker gives them back. Used on one event loop.
 */
public final class OrderCancellation {
    private static final Logger LOG = LoggerFactory.getLogger(OrderCancellation.class);
    private static final int RESTOCK_TIMEOUT_MS = 500;

    private final OrderQueries orders;
    private final OrderTransaction transaction;
    private final Pool mysql;
    private final RedisLink redis;
    private final SeckillFunctions functions;

    public OrderCancellation(OrderQueries orders, OrderTransaction transaction, Pool mysql, RedisLink redis) {
        this.orders = orders;
        this.transaction = transaction;
        this.mysql = mysql;
        this.redis = redis;
        this.functions = new SeckillFunctions(redis);
    }

    /** Cancelling twice is cancelling once. Fails only when MySQL cannot be asked and nothing was cancelled. */
    public Future<OrderAnswer> cancel(String userId, String orderId) {
        return orders.stored(userId, orderId).compose(order -> {
            if (order == null) {
                return Future.succeededFuture(OrderAnswer.not(Problem.NOT_FOUND));
            }
            return switch (order.state()) {
                case OrderJson.PENDING_PAYMENT -> cancel(order);
                case OrderJson.QUEUED -> Future.succeededFuture(OrderAnswer.not(Problem.OVERLOADED));
                default -> Future.succeededFuture(ended(order));
            };
        });
    }

    private Future<OrderAnswer> cancel(OrderJson order) {
        return transaction
                .run(connection -> OrderEnding.apply(connection, OrderEnd.CANCELLED, order.id(), order.userId())
                        .onSuccess(ended -> reach(CrashPoint.CANCEL_BEFORE_COMMIT, ended)))
                .compose(
                        ended -> {
                            reach(CrashPoint.CANCEL_COMMITTED, ended);
                            return ended.isEmpty()
                                    ? orders.find(order.userId(), order.id()).map(OrderCancellation::ended)
                                    : restock(order).map(OrderAnswer.is(order.as(OrderJson.CANCELLED)));
                        },
                        // The reply to the commit may be what was lost.
                        failure -> orders.find(order.userId(), order.id())
                                .compose(this::whatBecame)
                                .otherwise(OrderAnswer.not(Problem.outcomeUnknown(order.id()))));
    }

    private Future<OrderAnswer> whatBecame(OrderJson order) {
        return switch (order.state()) {
            case OrderJson.PENDING_PAYMENT ->
                Future.succeededFuture(OrderAnswer.not(Problem.outcomeUnknown(order.id())));
            case OrderJson.CANCELLED -> restock(order).map(OrderAnswer.is(order));
            default -> Future.succeededFuture(ended(order));
        };
    }

    private static OrderAnswer ended(OrderJson order) {
        return order != null && order.state().equals(OrderJson.CANCELLED)
                ? OrderAnswer.is(order)
                : OrderAnswer.not(Problem.NOT_CANCELLABLE);
    }

    private Future<Void> restock(OrderJson order) {
        OrderChanges.publish(redis, List.of(order.saleId()));
        return RestockOutbox.open(mysql, order.id())
                .compose(open -> RestockOutbox.release(functions, open))
                .compose(released -> {
                    CrashPoint.CANCEL_RELEASED.reach();
                    return RestockOutbox.mark(mysql, released.applied());
                })
                .onSuccess(v -> CrashPoint.CANCEL_MARKED.reach())
                .timeout(RESTOCK_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .onFailure(e ->
                        LOG.atInfo().addKeyValue("orderId", order.id()).log("a worker restocks: {}", e.getMessage()))
                .otherwiseEmpty();
    }

    private static void reach(CrashPoint point, List<EndedOrder> ended) {
        if (!ended.isEmpty()) {
            point.reach();
        }
    }
}
