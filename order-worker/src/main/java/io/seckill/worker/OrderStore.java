package io.seckill.worker;

import io.seckill.schema.fault.CrashPoint;
import io.seckill.worker.OrderRow.SaleEpoch;
import io.seckill.worker.OrderStatements.Bound;
import io.seckill.worker.tracing.StoreTrace;
import io.seckill.worker.tracing.StoreTrace.Attempt;
import io.vertx.core.Future;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The worker's transaction: insert all rows, count the new ones, raise {@code sold} by their units under the guard, commit.
 * Step 6, the last of a purchase, is the table's own checks in {@code V1__sale_and_orders.sql}.
 *
 * <p>How new rows are counted: an insert changes the row that is in an order's place already, so that the server counts 2
 * for it and 1 for a new one. (The client sets CLIENT_FOUND_ROWS, by which a row that is left as it is would count 1 too.)
 * Only if the sum is not that of new rows alone they are looked at: each attempt of a transaction writes a number of its own
 * into its rows. Never the same number twice: when the reply to COMMIT was lost, a second attempt with the same number would
 * take the rows of the first for new, and raise {@code sold} twice.
 *
 * <p>Belongs to the context of its link; one transaction at a time.
 */
final class OrderStore {
    private final MysqlLink link;
    private final WorkerMetrics metrics;
    private final SecureRandom batchIds = new SecureRandom();

    OrderStore(MysqlLink link, WorkerMetrics metrics) {
        this.link = link;
        this.metrics = metrics;
    }

    /**
     * Stores all rows or none.
     *
     * @return what became of them; fails when they may be tried again (see {@link MysqlFailure}), be it that they were
     *     committed without our knowing
     */
    Future<StoreOutcome> store(StorePlan plan, StoreTrace trace) {
        WorkerMetrics.Transaction measured = metrics.transaction(plan.rows());
        Attempt attempt = trace.attempt(plan.rows(), OrderRow::orderId);
        return link.run(connection -> transaction(connection, plan, attempt))
                .recover(failure -> MysqlFailure.of(failure) == MysqlFailure.REFUSED
                        ? Future.succeededFuture(new StoreOutcome.Refused(Refusal.sql(failure)))
                        : Future.failedFuture(failure))
                .onComplete(attempt::ended)
                .onComplete(measured::ended);
    }

    private Future<StoreOutcome> transaction(MySQLConnection connection, StorePlan plan, Attempt attempt) {
        long batchId = batchIds.nextLong() >>> 1;
        return insert(connection, plan, batchId)
                .onSuccess(attempt::inserted)
                .compose(affected -> affected == plan.rows().size()
                        ? guards(connection, plan.units(), new StoreOutcome.Stored(affected, 0, List.of()))
                        : tell(connection, plan, batchId))
                .compose(outcome -> finish(connection, outcome), failure -> rollback(connection)
                        .compose(v -> Future.failedFuture(failure)));
    }

    /**
     * All in one go, since nothing is committed before COMMIT: a failure of one is a failure of all.
     *
     * @return as many as there are rows if all are new, else more
     */
    private Future<Integer> insert(MySQLConnection connection, StorePlan plan, long batchId) {
        List<Future<RowSet<Row>>> inserts =
                executeAll(connection, OrderStatements.inserts(plan.inLockOrder(), batchId));
        return Future.all(inserts).map(done -> inserts.stream()
                .mapToInt(insert -> insert.result().rowCount())
                .sum());
    }

    /** The slow path, when not all rows are new: which are, which were there, and which cannot be. */
    private Future<StoreOutcome> tell(MySQLConnection connection, StorePlan plan, long batchId) {
        List<Future<RowSet<Row>>> parts = executeAll(connection, OrderStatements.presence(plan.inLockOrder(), batchId));
        return Future.all(parts).compose(done -> {
            Map<String, Boolean> present = new HashMap<>();
            parts.forEach(part -> part.result().forEach(row -> present.put(row.getString(0), row.getInteger(1) == 1)));
            List<OrderRow> unstorable = new ArrayList<>();
            List<OrderRow> fresh = new ArrayList<>();
            for (OrderRow row : plan.rows()) {
                Boolean isFresh = present.get(row.orderId());
                if (isFresh == null) {
                    unstorable.add(row);
                } else if (isFresh) {
                    fresh.add(row);
                }
            }
            return guards(
                    connection,
                    new StorePlan(fresh).units(),
                    new StoreOutcome.Stored(fresh.size(), present.size() - fresh.size(), unstorable));
        });
    }

    /** Last in the transaction: the row of a hot sale is locked for as short as can be. */
    private Future<StoreOutcome> guards(
            MySQLConnection connection, SortedMap<SaleEpoch, Long> sold, StoreOutcome.Stored stored) {
        List<SaleEpoch> order = List.copyOf(sold.keySet());
        List<Future<RowSet<Row>>> updates = new ArrayList<>();
        for (SaleEpoch at : order) {
            long units = sold.get(at);
            updates.add(connection
                    .preparedQuery(OrderStatements.GUARD)
                    .execute(Tuple.of(units, at.saleId(), units, at.epoch())));
        }
        return Future.all(updates).compose(done -> {
            for (int i = 0; i < order.size(); i++) {
                // Here the affected rows tell the truth: a guard that passes always changes its row.
                if (updates.get(i).result().rowCount() != 1) {
                    SaleEpoch at = order.get(i);
                    return why(connection, at, sold.get(at)).map(StoreOutcome.Refused::new);
                }
            }
            return Future.succeededFuture(stored);
        });
    }

    private Future<Refusal> why(MySQLConnection connection, SaleEpoch at, long units) {
        return connection
                .preparedQuery(OrderStatements.SALE)
                .execute(Tuple.of(at.saleId()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return new Refusal(Refusal.NO_SUCH_SALE, at, "");
                    }
                    Row sale = rows.iterator().next();
                    String detail = "stock=" + sale.getInteger(0) + " sold=" + sale.getInteger(1) + " epoch="
                            + sale.getInteger(2) + " acceptEpoch=" + sale.getInteger(3) + " units=" + units
                            + " orderEpoch=" + at.epoch();
                    if (at.epoch() < sale.getInteger(3)) {
                        return new Refusal(Refusal.STALE_EPOCH, at, detail);
                    }
                    return new Refusal(
                            at.epoch() > sale.getInteger(2) ? Refusal.UNKNOWN_EPOCH : Refusal.STOCK_EXCEEDED,
                            at,
                            detail);
                });
    }

    private Future<StoreOutcome> finish(MySQLConnection connection, StoreOutcome outcome) {
        if (!(outcome instanceof StoreOutcome.Stored)) {
            return rollback(connection).map(outcome);
        }
        CrashPoint.ORDER_INSERTED.reach();
        return connection.query("COMMIT").execute().map(outcome).onSuccess(v -> CrashPoint.ORDER_COMMITTED.reach());
    }

    /** Succeeds in any case: where the server does not confirm it, the connection ends, and the transaction with it. */
    private Future<Void> rollback(MySQLConnection connection) {
        return connection.query("ROLLBACK").execute().<Void>mapEmpty().otherwise(failure -> {
            link.discard(connection, "ROLLBACK failed: " + failure.getMessage());
            return null;
        });
    }

    private static List<Future<RowSet<Row>>> executeAll(MySQLConnection connection, List<Bound> statements) {
        List<Future<RowSet<Row>>> results = new ArrayList<>(statements.size());
        for (Bound statement : statements) {
            results.add(connection.preparedQuery(statement.sql()).execute(statement.parameters()));
        }
        return results;
    }
}
