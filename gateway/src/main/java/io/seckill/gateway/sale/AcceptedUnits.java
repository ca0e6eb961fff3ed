package io.seckill.gateway.sale;

import io.seckill.schema.order.DeadLetters;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What MySQL knows of the units that Redis sold. Every call fails after the given time at the latest. */
public final class AcceptedUnits {
    private static final String UNITS = "SELECT s.sale_id, s.sold"
            + " + (SELECT COALESCE(SUM(d.quantity), 0) FROM dead_letter d WHERE d.sale_id = s.sale_id AND "
            + DeadLetters.HOLDS_UNITS + " AND " + DeadLetters.NOT_STORED + ")"
            + " + (SELECT COALESCE(SUM(r.quantity), 0) FROM restock r WHERE r.sale_id = s.sale_id"
            + " AND r.applied_at IS NULL) AS units FROM sale_row s WHERE s.sale_id IN ";

    private final Pool mysql;
    private final int timeoutMs;

    public AcceptedUnits(Pool mysql, int timeoutMs) {
        this.mysql = mysql;
        this.timeoutMs = timeoutMs;
    }

    /**
     * Units of each sale that are in orders, in dead letters, or on their way back to Redis.
     *
     * @param saleIds ids that were checked to be such
     */
    public Future<Map<String, Long>> accountedFor(Collection<String> saleIds) {
        return bounded(UNITS + literals(saleIds)).map(rows -> {
            Map<String, Long> units = new HashMap<>();
            rows.forEach(row ->
                    units.put(row.getString("sale_id"), row.getNumeric("units").longValue()));
            return units;
        });
    }

    /**
     * Those of the orders that MySQL has never heard of.
     *
     * @param orderIds ids that were checked to be such
     */
    public Future<Set<String>> unknown(Collection<String> orderIds) {
        if (orderIds.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        String ids = literals(orderIds);
        return bounded("SELECT order_id FROM orders WHERE order_id IN " + ids
                        + " UNION ALL SELECT order_id FROM dead_letter d WHERE order_id IN " + ids + " AND "
                        + DeadLetters.REASON + " <> '" + DeadLetters.STALE_EPOCH + "'")
                .map(rows -> {
                    Set<String> unknown = new HashSet<>(orderIds);
                    rows.forEach(row -> unknown.remove(row.getString(0)));
                    return unknown;
                });
    }

    private Future<RowSet<Row>> bounded(String sql) {
        return mysql.query(sql).execute().timeout(timeoutMs, TimeUnit.MILLISECONDS);
    }

    private static String literals(Collection<String> ids) {
        return ids.stream().collect(Collectors.joining("','", "('", "')"));
    }
}
