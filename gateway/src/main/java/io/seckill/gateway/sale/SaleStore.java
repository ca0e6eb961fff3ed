package io.seckill.gateway.sale;

import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sales in MySQL, the ledger, and their way from there into Redis, once. Used on one event loop; every call fails after
 * the given time at the latest, since the client itself waits for ever.
 */
public final class SaleStore {
    /** Most sales that a gateway serves at a time; the ones that ended longest ago are left out first. */
    public static final int MAX_SALES = 1_000;

    private static final int DUPLICATE_KEY = 1062;

    private final Pool mysql;
    private final int timeoutMs;

    public SaleStore(Pool mysql, int timeoutMs) {
        this.mysql = mysql;
        this.timeoutMs = timeoutMs;
    }

    /** All sales that are not over since more than a day, at most {@link #MAX_SALES}. */
    public Future<List<SaleRow>> current() {
        return bounded(mysql.query("SELECT " + SaleRow.COLUMNS + " FROM sale_row WHERE ends_at >"
                        + " UTC_TIMESTAMP(3) - INTERVAL 1 DAY ORDER BY ends_at DESC LIMIT " + MAX_SALES)
                .execute()
                .map(SaleStore::rows));
    }

    /** The newest sales by creation, over or not, for the operator. */
    public Future<List<SaleRow>> newest() {
        return bounded(mysql.query("SELECT " + SaleRow.COLUMNS
                        + " FROM sale_row ORDER BY created_at DESC, sale_id LIMIT " + MAX_SALES)
                .execute()
                .map(SaleStore::rows));
    }

    /** The sale, or null. */
    public Future<SaleRow> find(String saleId) {
        return bounded(find(mysql.preparedQuery("SELECT " + SaleRow.COLUMNS + " FROM sale_row WHERE sale_id = ?")
                .execute(Tuple.of(saleId))));
    }

    /**
     * @param actor the operator, for the audit trail
     * @return false if a sale of this id exists; it stays as it is
     */
    public Future<Boolean> create(SaleRow sale, String actor) {
        Tuple values = Tuple.tuple(new ArrayList<>(List.of(
                sale.saleId(),
                sale.title(),
                sale.description(),
                sale.imageUrl(),
                sale.priceAmount(),
                sale.priceCurrency(),
                sale.stock(),
                sale.maxPerUser(),
                SaleRow.utc(sale.startsMs()),
                SaleRow.utc(sale.endsMs()),
                sale.paymentWindowSeconds())));
        return bounded(mysql.withTransaction(transaction -> transaction
                        .preparedQuery("INSERT INTO sale_row (sale_id, title, description, image_url, price_amount,"
                                + " price_currency, stock, max_per_user, starts_at, ends_at, payment_window_s, created_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))")
                        .execute(values)
                        .compose(v -> AuditTrail.add(transaction, actor, "create", sale.saleId(), sale.json(), null))
                        .map(true))
                .recover(e -> e instanceof MySQLException sql && sql.getErrorCode() == DUPLICATE_KEY
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(e)));
    }

    /**
     * Brings a sale that is still {@code loading} into Redis and marks it as selling. The row stays locked meanwhile, so
     * one loader works at a time, and none that slept comes back to a sale that was sold from: only a sale in this phase
     * is ever loaded. What loses Redis after that is for the rebuild.
     *
     * @return true if this call made it sell
     */
    public Future<Boolean> load(String saleId, SeckillFunctions functions) {
        return bounded(mysql.withTransaction(connection -> find(connection
                        .preparedQuery("SELECT " + SaleRow.COLUMNS
                                + " FROM sale_row WHERE sale_id = ? AND phase = 'loading' FOR UPDATE")
                        .execute(Tuple.of(saleId)))
                .compose(sale -> sale == null
                        ? Future.succeededFuture(false)
                        : functions
                                .load(
                                        SaleKeys.of(saleId),
                                        sale.epoch(),
                                        sale.stock(),
                                        sale.startsMs(),
                                        sale.endsMs(),
                                        sale.maxPerUser(),
                                        sale.paymentWindowSeconds(),
                                        sale.version())
                                .compose(loaded -> markSelling(connection, sale, loaded)))));
    }

    private static Future<Boolean> markSelling(SqlConnection connection, SaleRow sale, SeckillFunctions.Loaded loaded) {
        if (loaded == SeckillFunctions.Loaded.LEFTOVER) {
            return Future.failedFuture(new IllegalStateException("sale " + sale.saleId()
                    + ": Redis holds keys of an unknown past under this id; nothing was overwritten"));
        }
        return connection
                .preparedQuery("UPDATE sale_row SET phase = 'selling' WHERE sale_id = ? AND phase = 'loading'")
                .execute(Tuple.of(sale.saleId()))
                .map(true);
    }

    private static Future<SaleRow> find(Future<RowSet<Row>> query) {
        return query.map(
                rows -> rows.size() == 0 ? null : SaleRow.of(rows.iterator().next()));
    }

    private static List<SaleRow> rows(RowSet<Row> rows) {
        List<SaleRow> sales = new ArrayList<>(rows.size());
        rows.forEach(row -> sales.add(SaleRow.of(row)));
        return sales;
    }

    private <T> Future<T> bounded(Future<T> query) {
        return query.timeout(timeoutMs, TimeUnit.MILLISECONDS);
    }
}
