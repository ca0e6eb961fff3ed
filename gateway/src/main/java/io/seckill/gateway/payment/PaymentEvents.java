package io.seckill.gateway.payment;

import io.seckill.gateway.order.OrderTransaction;
import io.seckill.gateway.payment.PaymentVerdict.Order;
import io.seckill.gateway.payment.PaymentVerdict.State;
import io.seckill.schema.order.OrderChanges;
import io.seckill.schema.order.OrderEnd;
import io.seckill.schema.order.OrderEnding;
import io.seckill.schema.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the provider's events, each once: the event, its payment and the order are written in one transaction. What {@link
 * PaymentVerdict} says of them is all the deciding, but for the order's own row, which decides whether it can still be paid.
 */
public final class PaymentEvents {
    private static final Logger LOG = LoggerFactory.getLogger(PaymentEvents.class);
    private static final int DUPLICATE_KEY = 1062;

    private final OrderTransaction transaction;
    private final RedisLink redis;
    private final LongSupplier nowMs;

    /** @param nowMs the servers' clock */
    public PaymentEvents(OrderTransaction transaction, RedisLink redis, LongSupplier nowMs) {
        this.transaction = transaction;
        this.redis = redis;
        this.nowMs = nowMs;
    }

    /** What became of an event. */
    enum Taken {
        RECORDED,
        /** It paid its order. */
        PAID,
        /** The money came too late, or was not the right amount: written down for the operator. */
        REFUND_DUE,
        /** It was taken in before, or says nothing new. */
        KNOWN,
        /** Its order is not there, and may still come: nothing was written, it is to be sent again. */
        TOO_EARLY
    }

    /** Fails when MySQL is away: the event is to be sent again. */
    Future<Taken> take(PaymentEvent event) {
        return transaction
                .run(connection -> remember(connection, event))
                .onSuccess(taken -> note(event, taken))
                .recover(failure -> failure instanceof NotTaken not
                        ? Future.succeededFuture(not.outcome)
                        : Future.failedFuture(failure));
    }

    /** Takes the transaction back. */
    private static final class NotTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Taken outcome;

        NotTaken(Taken outcome) {
            super(outcome.name(), null, false, false);
            this.outcome = outcome;
        }
    }

    private void note(PaymentEvent event, Taken taken) {
        if (taken == Taken.REFUND_DUE) {
            LOG.atWarn()
                    .addKeyValue("paymentId", event.paymentId())
                    .addKeyValue("orderId", event.orderId())
                    .log("a refund is due");
        }
    }

    private Future<Taken> remember(SqlConnection connection, PaymentEvent event) {
        return connection
                .preparedQuery("INSERT INTO payment_event (event_id, payment_id, type, received_at)"
                        + " VALUES (?, ?, ?, UTC_TIMESTAMP(3))")
                .execute(Tuple.of(event.id(), event.paymentId(), event.type().toString()))
                .recover(e -> Future.failedFuture(
                        e instanceof MySQLException sql && sql.getErrorCode() == DUPLICATE_KEY
                                ? new NotTaken(Taken.KNOWN)
                                : e))
                .compose(v -> lockPayment(connection, event))
                .compose(known -> switch (PaymentVerdict.step(event.type(), known)) {
                    case NONE -> Future.succeededFuture(Taken.KNOWN);
                    case FAIL -> write(connection, event, State.FAILED, "").map(Taken.RECORDED);
                    case REFUND -> write(connection, event, State.REFUNDED, "").map(Taken.RECORDED);
                    case SETTLE -> settle(connection, event);
                });
    }

    /** The payment's row, locked from here on, whether or not it was there; null if nothing was known of it. */
    private static Future<State> lockPayment(SqlConnection connection, PaymentEvent event) {
        return connection
                .preparedQuery("INSERT INTO payment (payment_id, order_id, amount, currency, state, reason, created_at,"
                        + " updated_at) VALUES (?, ?, ?, ?, 'failed', 'new', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))"
                        + " ON DUPLICATE KEY UPDATE payment_id = payment.payment_id")
                .execute(Tuple.of(event.paymentId(), event.orderId(), event.amount(), event.currency()))
                .compose(v -> connection
                        .preparedQuery("SELECT state, reason FROM payment WHERE payment_id = ?")
                        .execute(Tuple.of(event.paymentId())))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return row.getString("reason").equals("new")
                            ? null
                            : State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
                });
    }

    private static Future<Void> write(SqlConnection connection, PaymentEvent event, State state, String reason) {
        return connection
                .preparedQuery("UPDATE payment SET state = ?, reason = ?, order_id = ?, amount = ?, currency = ?,"
                        + " updated_at = UTC_TIMESTAMP(3) WHERE payment_id = ?")
                .execute(Tuple.of(
                        state.name().toLowerCase(Locale.ROOT),
                        reason,
                        event.orderId(),
                        event.amount(),
                        event.currency(),
                        event.paymentId()))
                .mapEmpty();
    }

    private Future<Taken> settle(SqlConnection connection, PaymentEvent event) {
        return order(connection, event.orderId()).compose(order -> {
            if (order == null) {
                return PaymentVerdict.mayStillCome(event, Instant.ofEpochMilli(nowMs.getAsLong()))
                        ? Future.failedFuture(new NotTaken(Taken.TOO_EARLY))
                        : refund(connection, event, "unknown_order");
            }
            String mismatch = PaymentVerdict.mismatch(event, order);
            return mismatch.isEmpty() ? pay(connection, event) : refund(connection, event, mismatch);
        });
    }

    private Future<Taken> pay(SqlConnection connection, PaymentEvent event) {
        return OrderEnding.apply(connection, OrderEnd.PAID, List.of(event.orderId()))
                .compose(paid -> paid.isEmpty()
                        ? order(connection, event.orderId())
                                .compose(order -> refund(connection, event, PaymentVerdict.tooLate(order.state())))
                        : write(connection, event, State.SETTLED, "")
                                .onSuccess(v -> OrderChanges.publish(
                                        redis, List.of(paid.get(0).saleId())))
                                .map(Taken.PAID));
    }

    private static Future<Taken> refund(SqlConnection connection, PaymentEvent event, String reason) {
        return write(connection, event, State.REFUND_DUE, reason).map(Taken.REFUND_DUE);
    }

    private static Future<Order> order(SqlConnection connection, String orderId) {
        return connection
                .preparedQuery("SELECT o.state, o.quantity * s.price_amount AS price, s.price_currency FROM orders o"
                        + " JOIN sale_row s ON s.sale_id = o.sale_id WHERE o.order_id = ?")
                .execute(Tuple.of(orderId))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return null;
                    }
                    Row row = rows.iterator().next();
                    return new Order(row.getString("state"), row.getLong("price"), row.getString("price_currency"));
                });
    }
}
