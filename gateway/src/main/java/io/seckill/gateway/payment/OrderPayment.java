package io.seckill.gateway.payment;

import io.seckill.gateway.http.Problem;
import io.seckill.gateway.order.OrderAnswer;
import io.seckill.gateway.order.OrderJson;
import io.seckill.gateway.order.OrderQueries;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shopper's payment: asks the provider for the money and waits until the provider's event, on whichever gateway it
 * arrives, has paid the order. Nothing here pays it. Used on one event loop.
 */
public final class OrderPayment {
    private static final Logger LOG = LoggerFactory.getLogger(OrderPayment.class);
    private static final int LOOK_EVERY_MS = 50;
    private static final int WAIT_MS = 2_000;

    private final Vertx vertx;
    private final OrderQueries orders;
    private final Charges charges;
    private final LongSupplier nowMs;

    /** @param nowMs the servers' clock */
    public OrderPayment(Vertx vertx, OrderQueries orders, Charges charges, LongSupplier nowMs) {
        this.vertx = vertx;
        this.orders = orders;
        this.charges = charges;
        this.nowMs = nowMs;
    }

    /** Paying twice is paying once. Fails only when MySQL cannot be asked before anything was charged. */
    public Future<OrderAnswer> pay(String userId, String orderId) {
        return orders.stored(userId, orderId).compose(order -> {
            if (order == null) {
                return Future.succeededFuture(OrderAnswer.not(Problem.NOT_FOUND));
            }
            return switch (order.state()) {
                case OrderJson.PAID -> Future.succeededFuture(OrderAnswer.is(order));
                case OrderJson.QUEUED -> Future.succeededFuture(OrderAnswer.not(Problem.OVERLOADED));
                case OrderJson.PENDING_PAYMENT -> payPending(order);
                default -> Future.succeededFuture(OrderAnswer.not(Problem.NOT_PAYABLE));
            };
        });
    }

    private Future<OrderAnswer> payPending(OrderJson order) {
        if (order.payBy().toEpochMilli() <= nowMs.getAsLong()) {
            return Future.succeededFuture(OrderAnswer.not(Problem.NOT_PAYABLE));
        } else if (!charges.isPossible()) {
            return Future.succeededFuture(
                    OrderAnswer.not(Problem.notPayable("this shop's payments go through the provider itself")));
        }
        return orders.price(order.id()).compose(price -> charges.charge(order.id(), price.amount(), price.currency())
                .compose(
                        taken -> taken
                                ? awaitPaid(order, System.nanoTime())
                                : Future.succeededFuture(
                                        OrderAnswer.not(Problem.notPayable("the payment was declined"))),
                        failure -> {
                            LOG.atInfo()
                                    .addKeyValue("orderId", order.id())
                                    .log("charge not known: {}", failure.getMessage());
                            return awaitPaid(order, System.nanoTime());
                        }));
    }

    private Future<OrderAnswer> awaitPaid(OrderJson order, long since) {
        return orders.find(order.userId(), order.id()).otherwise(order).compose(now -> {
            if (now.state().equals(OrderJson.PAID)) {
                return Future.succeededFuture(OrderAnswer.is(now));
            } else if (!now.state().equals(OrderJson.PENDING_PAYMENT)) {
                return Future.succeededFuture(OrderAnswer.not(Problem.NOT_PAYABLE));
            } else if (System.nanoTime() - since > WAIT_MS * 1_000_000L) {
                return Future.succeededFuture(OrderAnswer.not(Problem.outcomeUnknown(order.id())));
            }
            return vertx.timer(LOOK_EVERY_MS, TimeUnit.MILLISECONDS).compose(v -> awaitPaid(order, since));
        });
    }
}
