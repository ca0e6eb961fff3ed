package io.seckill.gateway.sale;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;

/** Who changed what about a sale, and when: written in the very transaction that makes the change. */
public final class AuditTrail {
    private static final int MAX_SHOWN = 200;

    private AuditTrail() {}

    /** @param requestKey names the operator's request where repeating it would repeat its effect, else null */
    public static Future<Void> add(
            SqlConnection transaction,
            String actor,
            String action,
            String saleId,
            JsonObject detail,
            String requestKey) {
        return transaction
                .preparedQuery("INSERT INTO audit_trail (at, actor, action, sale_id, detail, request_key)"
                        + " VALUES (UTC_TIMESTAMP(3), ?, ?, ?, ?, ?)")
                .execute(Tuple.of(actor, action, saleId, shortened(detail), requestKey))
                .mapEmpty();
    }

    /** A request of an operator that was carried out before. */
    public record Done(String action, String saleId, JsonObject detail) {}

    /** What the request of this key did, or null. */
    public static Future<Done> find(SqlConnection transaction, String requestKey) {
        return transaction
                .preparedQuery("SELECT action, sale_id, detail FROM audit_trail WHERE request_key = ?")
                .execute(Tuple.of(requestKey))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return null;
                    }
                    Row row = rows.iterator().next();
                    return new Done(
                            row.getString("action"), row.getString("sale_id"), new JsonObject(row.getString("detail")));
                });
    }

    /** The newest changes of a sale, at most 200. */
    public static Future<JsonArray> of(SqlClient mysql, String saleId) {
        return mysql.preparedQuery("SELECT trail_id, at, actor, action, detail FROM audit_trail WHERE sale_id = ?"
                        + " ORDER BY trail_id DESC LIMIT " + MAX_SHOWN)
                .execute(Tuple.of(saleId))
                .map(rows -> {
                    JsonArray changes = new JsonArray();
                    for (Row row : rows) {
                        changes.add(new JsonObject()
                                .put("id", row.getLong("trail_id"))
                                .put(
                                        "at",
                                        row.getLocalDateTime("at")
                                                .toInstant(ZoneOffset.UTC)
                                                .toString())
                                .put("actor", row.getString("actor"))
                                .put("action", row.getString("action"))
                                .put("detail", new JsonObject(row.getString("detail"))));
                    }
                    return changes;
                });
    }

    // A sale's description alone may be longer than the column; it is in the sale's row anyway.
    private static String shortened(JsonObject detail) {
        JsonObject copy = detail.copy();
        copy.remove("description");
        return copy.encode();
    }
}
