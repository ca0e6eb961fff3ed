package io.seckill.schema.rebuild;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

/**
 * Asks for the rebuild of a sale from the ledger. From the commit on the sale is {@code recovering}, and some worker takes
 * it up. Asking is always safe: a sale that sells is taken off sale first, and nothing that was accepted is lost.
 */
public final class RebuildRequest {
    private RebuildRequest() {}

    /**
     * @param seenEpoch the sale's epoch when it was found lost: what was rebuilt since is left alone
     * @param reason for the log and the audit trail, at most 100 characters
     * @return true if the sale is being rebuilt now, for this request or an earlier one
     */
    public static Future<Boolean> begin(SqlClient mysql, String saleId, int seenEpoch, String reason) {
        return mysql.preparedQuery("INSERT INTO sale_rebuild (sale_id, reason, began_at)"
                        + " SELECT sale_id, ?, UTC_TIMESTAMP(3) FROM sale_row"
                        + " WHERE sale_id = ? AND epoch = ? AND phase <> 'loading'"
                        + " ON DUPLICATE KEY UPDATE sale_id = sale_rebuild.sale_id")
                .execute(Tuple.of(reason, saleId, seenEpoch))
                .map(rows -> rows.rowCount() > 0);
    }
}
