package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads a sale's orders straight from MySQL, past the whole system: what is not there was not sold. Only through the
 * tables that the contract names. Its findings become a {@link Ledger}.
 */
public final class StoredOrders {

    private static final int PAGE = 5_000;
    private static final int PATIENCE_S = 60;

    private final Pool pool;

    public StoredOrders(Vertx vertx, StackAddress stack) {
        MySQLConnectOptions server = new MySQLConnectOptions()
                .setHost(stack.mysqlHost())
                .setPort(stack.mysqlPort())
                .setUser(stack.mysqlUser())
                .setPassword(stack.mysqlPassword())
                .setDatabase(stack.mysqlDatabase());
        // One to count with, one to audit with.
        PoolOptions two = new PoolOptions().setMaxSize(2);
        this.pool =
                MySQLBuilder.pool().with(two).connectingTo(server).using(vertx).build();
    }

    /** How many orders of the sale are in MySQL at this moment, in whatever state. */
    Future<Long> count(String saleId) {
        return pool.preparedQuery("SELECT COUNT(*) FROM orders WHERE sale_id = ?")
                .execute(Tuple.of(saleId))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Units of active orders of some sales together, as MySQL itself counts them: one look, however many orders. */
    public Future<Long> sold(List<String> saleIds) {
        String marks = String.join(",", Collections.nCopies(saleIds.size(), "?"));
        return pool.preparedQuery(
                        "SELECT CAST(COALESCE(SUM(sold), 0) AS SIGNED) FROM sale WHERE sale_id IN (" + marks + ")")
                .execute(Tuple.from(saleIds))
                .map(rows -> rows.iterator().next().getLong(0))
                .timeout(PATIENCE_S, TimeUnit.SECONDS);
    }

    /** Units in active orders of the sale at this moment. */
    public Future<Long> activeUnits(String saleId) {
        return pool.preparedQuery("SELECT COALESCE(SUM(quantity), 0) FROM orders"
                        + " WHERE sale_id = ? AND state IN ('pending_payment', 'paid')")
                .execute(Tuple.of(saleId))
                .map(rows -> rows.iterator().next().getLong(0))
                .timeout(PATIENCE_S, TimeUnit.SECONDS);
    }

    /** Every order of a sale that is small enough for it, as of one instant. */
    public Future<List<StoredOrder>> orders(String saleId) {
        return pool.preparedQuery(
                        "SELECT order_id, user_id, quantity, state, created_at, settled_at FROM orders WHERE sale_id = ?")
                .execute(Tuple.of(saleId))
                .map(rows -> {
                    List<StoredOrder> orders = new ArrayList<>();
                    rows.forEach(row -> orders.add(order(row)));
                    return orders;
                })
                .timeout(PATIENCE_S, TimeUnit.SECONDS);
    }

    /**
     * How much later than their payment windows' ends a sale's orders were expired, by MySQL's own clock, and what became
     * of the others.
     */
    Future<ExpiryLag> expiryLag(String saleId) {
        return pool.preparedQuery("SELECT state, TIMESTAMPDIFF(MICROSECOND, pay_by, settled_at), COUNT(*), MAX(pay_by)"
                        + " FROM orders WHERE sale_id = ? GROUP BY 1, 2")
                .execute(Tuple.of(saleId))
                .map(rows -> {
                    ExpiryLag lag = new ExpiryLag();
                    for (Row row : rows) {
                        boolean expired = row.getString(0).equals("expired");
                        lag.add(expired, expired ? row.getLong(1) : 0, row.getLong(2), instant(row, 3));
                    }
                    return lag;
                });
    }

    /** The sale's books, all as of one instant; empty if MySQL has no such sale. */
    Future<Optional<Ledger>> ledger(String saleId, Optional<ClientHistory> history) {
        return pool.withConnection(connection -> begin(connection)
                        .compose(v -> sale(connection, saleId, history))
                        .compose(opened -> opened.isEmpty()
                                ? Future.succeededFuture(opened)
                                : enterAll(connection, saleId, "", opened.get()).map(Optional::of))
                        // A reader has nothing to undo; this only ends the snapshot before the connection goes back.
                        .eventually(() -> connection.query("COMMIT").execute()))
                .timeout(PATIENCE_S, TimeUnit.SECONDS);
    }

    /** One snapshot for the counter and the rows, whatever isolation the server was set to. */
    private static Future<?> begin(SqlConnection connection) {
        return connection
                .query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                .execute()
                .compose(v -> connection
                        .query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
                        .execute());
    }

    private static Future<Optional<Ledger>> sale(
            SqlConnection connection, String saleId, Optional<ClientHistory> history) {
        return connection
                .preparedQuery("SELECT stock, sold FROM sale WHERE sale_id = ?")
                .execute(Tuple.of(saleId))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(new Ledger(row.getLong(0), row.getLong(1), history));
                    }
                    return Optional.empty();
                });
    }

    /**
     * Page by page: a sale may have more orders than fit the memory of a small machine. Not the client's row stream, which
     * once never came to its end here, with the connection held.
     */
    private static Future<Ledger> enterAll(SqlConnection connection, String saleId, String after, Ledger ledger) {
        return connection
                .preparedQuery("SELECT order_id, user_id, quantity, state, created_at, settled_at"
                        + " FROM orders WHERE sale_id = ? AND order_id > ? ORDER BY order_id LIMIT " + PAGE)
                .execute(Tuple.of(saleId, after))
                .compose(rows -> {
                    String last = after;
                    for (Row row : rows) {
                        StoredOrder order = order(row);
                        last = order.orderId();
                        ledger.enter(order);
                    }
                    return rows.size() < PAGE
                            ? Future.succeededFuture(ledger.close())
                            : enterAll(connection, saleId, last, ledger);
                });
    }

    private static StoredOrder order(Row row) {
        return new StoredOrder(
                row.getString(0), row.getString(1), row.getLong(2), row.getString(3), instant(row, 4), instant(row, 5));
    }

    /** All times in MySQL are UTC; null if there is none. */
    private static Instant instant(Row row, int column) {
        LocalDateTime time = row.getLocalDateTime(column);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }

    public Future<Void> close() {
        return pool.close();
    }
}
