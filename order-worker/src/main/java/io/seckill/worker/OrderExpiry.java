package io.seckill.worker;

import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.order.EndedOrder;
import io.seckill.schema.order.OrderEnd;
import io.seckill.schema.order.OrderEnding;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLConnection;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Expires orders whose payment window is over, as often as it takes. Which of them that are, MySQL decides. Belongs to the
 * context of its consumer; one call at a time.
 */
final class OrderExpiry {
    private static final Logger LOG = LoggerFactory.getLogger(OrderExpiry.class);
    // What the broker reminds of comes earlier.
    private static final String DUE = "SELECT order_id FROM orders WHERE state = 'pending_payment'"
            + " AND pay_by <= UTC_TIMESTAMP(3) - INTERVAL 2 SECOND ORDER BY pay_by LIMIT " + OrderEnding.MAX_ORDERS;

    private final Vertx vertx;
    private final MysqlLink mysql;
    private final DatabaseClock clock;
    private final SettlingMetrics metrics;
    private boolean draining;

    OrderExpiry(Vertx vertx, MysqlLink mysql, DatabaseClock clock, SettlingMetrics metrics) {
        this.vertx = vertx;
        this.mysql = mysql;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * @param orderIds at most {@link OrderEnding#MAX_ORDERS}
     * @return succeeds when it is committed; fails only when a drain ended the work
     */
    Future<Void> expire(List<String> orderIds) {
        Promise<List<EndedOrder>> committed = Promise.promise();
        tryToExpire(orderIds, new Backoff(5, 200), new Backoff(50, 2_000), committed);
        return committed.future().map(ended -> note(ended, false)).mapEmpty();
    }

    /**
     * Reads MySQL's clock, and expires what the broker did not remind of, one transaction's worth.
     *
     * @return whether there may be more; fails when MySQL cannot be asked
     */
    Future<Boolean> sweep() {
        return mysql.run(connection -> connection
                        .query("SELECT UTC_TIMESTAMP(3)")
                        .execute()
                        .compose(rows -> {
                            clock.read(rows.iterator()
                                    .next()
                                    .getLocalDateTime(0)
                                    .toInstant(ZoneOffset.UTC)
                                    .toEpochMilli());
                            return connection.query(DUE).execute();
                        })
                        .compose(rows -> {
                            List<String> ids = new ArrayList<>(rows.size());
                            rows.forEach(row -> ids.add(row.getString(0)));
                            return ids.isEmpty()
                                    ? rollback(connection).map(List.<EndedOrder>of())
                                    : transaction(connection, ids);
                        })
                        .recover(failure -> rollback(connection).compose(v -> Future.failedFuture(failure))))
                .map(ended -> note(ended, true) == OrderEnding.MAX_ORDERS);
    }

    void drain() {
        draining = true;
        mysql.drain();
    }

    private void tryToExpire(List<String> orderIds, Backoff retry, Backoff away, Promise<List<EndedOrder>> committed) {
        mysql.up()
                .compose(v -> mysql.run(connection -> transaction(connection, orderIds)))
                .onComplete(committed::complete, failure -> {
                    if (draining) {
                        committed.fail(failure);
                        return;
                    }
                    boolean again = MysqlFailure.of(failure) == MysqlFailure.RETRY;
                    int delay = again ? retry.nextMs() : away.nextMs();
                    if (!again) {
                        LOG.warn("due orders wait for MySQL: {}; next try in {} ms", failure.getMessage(), delay);
                    }
                    vertx.timer(delay).onComplete(v -> tryToExpire(orderIds, retry, away, committed));
                });
    }

    private Future<List<EndedOrder>> transaction(MySQLConnection connection, List<String> orderIds) {
        return OrderEnding.apply(connection, OrderEnd.EXPIRED, orderIds)
                .compose(ended -> {
                    reach(CrashPoint.EXPIRE_BEFORE_COMMIT, ended);
                    return connection.query("COMMIT").execute().map(ended);
                })
                .onSuccess(ended -> reach(CrashPoint.EXPIRE_COMMITTED, ended))
                .recover(failure -> rollback(connection).compose(v -> Future.failedFuture(failure)));
    }

    private static void reach(CrashPoint point, List<EndedOrder> ended) {
        if (!ended.isEmpty()) {
            point.reach();
        }
    }

    /** Succeeds in any case: where the server does not confirm it, the connection ends, and the transaction with it. */
    private Future<Void> rollback(MySQLConnection connection) {
        return connection.query("ROLLBACK").execute().<Void>mapEmpty().otherwise(failure -> {
            mysql.discard(connection, "ROLLBACK failed: " + failure.getMessage());
            return null;
        });
    }

    private int note(List<EndedOrder> ended, boolean bySweep) {
        if (bySweep && !ended.isEmpty()) {
            LOG.warn("the sweep expired {} orders of which the broker had not reminded", ended.size());
        }
        Changes.ended(vertx, ended.stream().map(EndedOrder::saleId).collect(Collectors.toSet()));
        metrics.expired(ended, bySweep);
        return ended.size();
    }
}
