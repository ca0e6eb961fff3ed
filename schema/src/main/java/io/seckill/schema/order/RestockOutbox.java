package io.seckill.schema.order;

import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The way of freed units from MySQL back into Redis: read what is open, release it there, mark it here. Redis takes each
 * order once, so whoever crashes between two steps leaves nothing that the next one could do wrong; several at the same
 * work only waste it. The steps are separate because the caller commits, and may be killed, between them.
 */
public final class RestockOutbox {
    private static final String OPEN = "SELECT r.order_id, r.sale_id, r.user_id, r.attempt, s.epoch FROM restock r"
            + " JOIN sale_row s ON s.sale_id = r.sale_id WHERE r.applied_at IS NULL";

    private RestockOutbox() {}

    /**
     * Units on their way back.
     *
     * @param epoch of the sale when this was read: a rebuild since then has counted these units itself
     */
    public record Open(String orderId, String saleId, String userId, int attempt, int epoch)
            implements SeckillFunctions.Release {}

    /** @param seq of the call in Redis that gave the units back, 0 if that is not known any more */
    public record Applied(String orderId, long seq) {}

    /**
     * The oldest entries that no one marked yet.
     *
     * @param exceptSales sales that cannot take units back at the moment
     * @param exceptOrders orders that Redis refused; all ids are ours
     */
    public static Future<List<Open>> open(
            SqlClient mysql, int limit, Collection<String> exceptSales, Collection<String> exceptOrders) {
        return mysql.query(OPEN + not("r.sale_id", exceptSales) + not("r.order_id", exceptOrders)
                        + " ORDER BY r.created_at LIMIT " + limit)
                .execute()
                .map(RestockOutbox::open);
    }

    private static String not(String column, Collection<String> ids) {
        return ids.isEmpty() ? "" : " AND " + column + " NOT IN ('" + String.join("','", ids) + "')";
    }

    /** The entry of one order, if it is open. */
    public static Future<List<Open>> open(SqlClient mysql, String orderId) {
        return mysql.preparedQuery(OPEN + " AND r.order_id = ?")
                .execute(Tuple.of(orderId))
                .map(RestockOutbox::open);
    }

    /** What a release achieved, its failures by sale. A sale that is fenced, or rebuilt meanwhile, keeps its entries open. */
    public record Released(List<Applied> applied, List<Open> neverAccepted, Map<String, Throwable> failures) {}

    /** Gives the units back to Redis, one call a sale. Never fails: what could not be released stays open. */
    public static Future<Released> release(SeckillFunctions functions, List<Open> open) {
        Map<String, List<Open>> bySale = new TreeMap<>();
        open.forEach(entry -> bySale.computeIfAbsent(entry.saleId() + ' ' + entry.epoch(), key -> new ArrayList<>())
                .add(entry));
        Released released = new Released(new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
        List<Future<?>> calls = new ArrayList<>();
        bySale.values()
                .forEach(entries -> calls.add(functions
                        .release(
                                SaleKeys.of(entries.get(0).saleId()),
                                entries.get(0).epoch(),
                                entries)
                        .onSuccess(seqs -> note(entries, seqs, released))
                        .onFailure(e -> released.failures.put(entries.get(0).saleId(), e))));
        return Future.join(calls).map(released).otherwise(released);
    }

    /** Marks entries as applied, in the caller's transaction or by itself. */
    public static Future<Void> mark(SqlClient mysql, List<Applied> applied) {
        if (applied.isEmpty()) {
            return Future.succeededFuture();
        }
        // By the call in Redis, which mostly took them all together. The ids are ours: hexadecimal digits and dashes.
        Map<Long, List<String>> bySeq = new TreeMap<>();
        applied.forEach(entry ->
                bySeq.computeIfAbsent(entry.seq(), seq -> new ArrayList<>()).add(entry.orderId()));
        List<Future<?>> updates = new ArrayList<>();
        bySeq.forEach(
                (seq, ids) -> updates.add(mysql.query("UPDATE restock SET applied_at = UTC_TIMESTAMP(3), applied_seq = "
                                + seq + " WHERE applied_at IS NULL AND order_id IN ('" + String.join("','", ids) + "')")
                        .execute()));
        return Future.all(updates).mapEmpty();
    }

    private static void note(List<Open> entries, List<Long> seqs, Released released) {
        for (int i = 0; i < entries.size(); i++) {
            if (seqs.get(i) == SeckillFunctions.NEVER_ACCEPTED) {
                released.neverAccepted.add(entries.get(i));
            } else {
                released.applied.add(new Applied(entries.get(i).orderId(), seqs.get(i)));
            }
        }
    }

    private static List<Open> open(RowSet<Row> rows) {
        List<Open> open = new ArrayList<>(rows.size());
        for (Row row : rows) {
            open.add(new Open(
                    row.getString("order_id"),
                    row.getString("sale_id"),
                    row.getString("user_id"),
                    row.getInteger("attempt"),
                    row.getInteger("epoch")));
        }
        return open;
    }
}
