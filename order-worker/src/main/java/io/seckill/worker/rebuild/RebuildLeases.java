package io.seckill.worker.rebuild;

import io.vertx.core.Future;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Which coordinator works at which sale. A lease keeps others away by the database's clock; what keeps a sale safe is not
 * the lease but the epoch, which each try gets anew. Belongs to one context.
 */
final class RebuildLeases {
    private static final int LEASE_S = 10;
    private static final String UNTIL = "UTC_TIMESTAMP(3) + INTERVAL " + LEASE_S + " SECOND";

    private final LedgerSession mysql;
    private final String coordinator;

    /** @param coordinator names this process, and no other that ever was */
    RebuildLeases(LedgerSession mysql, String coordinator) {
        this.mysql = mysql;
        this.coordinator = coordinator;
    }

    /** A sale to be rebuilt, under an epoch of this try's own. */
    record Lease(String saleId, int epoch, int acceptEpoch, String reason) {}

    /** Takes sales that nobody works at, those that sell now or soon first. */
    Future<List<Lease>> claim(int limit) {
        return mysql.transaction(connection -> connection
                .query("SELECT r.sale_id, r.reason FROM sale_rebuild r JOIN sale_row s ON s.sale_id = r.sale_id"
                        + " WHERE r.lease_until IS NULL OR r.lease_until < UTC_TIMESTAMP(3)"
                        + " ORDER BY s.ends_at <= UTC_TIMESTAMP(3), s.starts_at LIMIT " + limit)
                .execute()
                .compose(rows -> {
                    Future<List<Lease>> leases = Future.succeededFuture(new ArrayList<>());
                    for (Row row : rows) {
                        leases = leases.compose(taken -> take(connection, row.getString(0), row.getString(1))
                                .map(lease -> {
                                    if (lease != null) {
                                        taken.add(lease);
                                    }
                                    return taken;
                                }));
                    }
                    return leases;
                }));
    }

    private Future<Lease> take(MySQLConnection connection, String saleId, String reason) {
        return connection
                .preparedQuery("SELECT 1 FROM sale_rebuild WHERE sale_id = ?"
                        + " AND (lease_until IS NULL OR lease_until < UTC_TIMESTAMP(3)) FOR UPDATE")
                .execute(Tuple.of(saleId))
                .compose(rows -> rows.size() == 0
                        ? Future.succeededFuture()
                        : connection
                                .preparedQuery("UPDATE sale_rebuild SET coordinator = ?, lease_until = " + UNTIL
                                        + " WHERE sale_id = ?")
                                .execute(Tuple.of(coordinator, saleId))
                                .compose(v -> connection
                                        .preparedQuery("UPDATE sale_row SET epoch = epoch + 1 WHERE sale_id = ?")
                                        .execute(Tuple.of(saleId)))
                                .compose(v -> connection
                                        .preparedQuery("SELECT epoch, accept_epoch FROM sale_row WHERE sale_id = ?")
                                        .execute(Tuple.of(saleId)))
                                .map(sale -> lease(saleId, sale.iterator().next(), reason)));
    }

    private static Lease lease(String saleId, Row sale, String reason) {
        return new Lease(saleId, sale.getInteger(0), sale.getInteger(1), reason);
    }

    /** Keeps all that this coordinator has. */
    Future<Void> renew() {
        return mysql.transaction(connection -> connection
                .preparedQuery("UPDATE sale_rebuild SET lease_until = " + UNTIL + " WHERE coordinator = ?")
                .execute(Tuple.of(coordinator))
                .mapEmpty());
    }

    /** Lets others, or this one, try again at once. */
    Future<Void> release(String saleId) {
        return mysql.transaction(connection -> connection
                .preparedQuery("UPDATE sale_rebuild SET coordinator = NULL, lease_until = NULL"
                        + " WHERE sale_id = ? AND coordinator = ?")
                .execute(Tuple.of(saleId, coordinator))
                .mapEmpty());
    }
}
