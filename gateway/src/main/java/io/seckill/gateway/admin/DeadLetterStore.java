package io.seckill.gateway.admin;

import io.seckill.gateway.sale.AuditTrail;
import io.seckill.schema.order.DeadLetters;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The table of dead letters, for the operator. Every call fails after the given time at the latest. */
final class DeadLetterStore {
    private static final String COLUMNS = "SELECT d.dead_key, d.order_id, d.sale_id, d.user_id, d.quantity, d.attempt,"
            + " d.epoch, d.reason, d.deaths, d.created_at, d.replayed_at, LENGTH(d.payload) AS size,"
            + " o.order_id IS NOT NULL AS stored, s.epoch AS sale_epoch,"
            + " COALESCE(s.state = 'recovering', FALSE) AS recovering, ";
    private static final String FROM = " FROM dead_letter d LEFT JOIN orders o ON o.order_id = d.order_id"
            + " LEFT JOIN sale s ON s.sale_id = d.sale_id WHERE ";

    private final Pool mysql;
    private final int timeoutMs;

    DeadLetterStore(Pool mysql, int timeoutMs) {
        this.mysql = mysql;
        this.timeoutMs = timeoutMs;
    }

    /**
     * Which letters are meant.
     *
     * @param saleId null for any sale
     * @param reason the word of it; null for any reason
     * @param openOnly leaves out what is stored or was replayed
     */
    record Selection(String saleId, String reason, boolean openOnly) {
        private String where(List<Object> parameters) {
            List<String> conditions = new ArrayList<>(List.of("TRUE"));
            if (saleId != null) {
                conditions.add("d.sale_id = ?");
                parameters.add(saleId);
            }
            if (reason != null) {
                conditions.add(DeadLetters.REASON + " = ?");
                parameters.add(reason);
            }
            if (openOnly) {
                conditions.add(DeadLetters.OPEN);
            }
            return String.join(" AND ", conditions);
        }
    }

    /** @param before only letters that are older than the one of this key; null for the newest */
    Future<List<DeadLetterRow>> newest(Selection selection, String before, int limit) {
        List<Object> parameters = new ArrayList<>();
        String where = selection.where(parameters);
        if (before != null) {
            where += " AND (d.created_at, d.dead_key) <"
                    + " (SELECT b.created_at, b.dead_key FROM dead_letter b WHERE b.dead_key = ?)";
            parameters.add(before);
        }
        String order = " ORDER BY d.created_at DESC, d.dead_key DESC LIMIT " + limit;
        return rows(
                COLUMNS + "LEFT(d.payload, " + DeadLetterRow.EXCERPT + ") AS payload" + FROM + where + order,
                parameters);
    }

    /** Keys of letters to replay: what can be replayed first, and of these the oldest. */
    Future<List<String>> toReplay(Selection selection, int limit) {
        List<Object> parameters = new ArrayList<>();
        return bounded(mysql.preparedQuery("SELECT d.dead_key FROM dead_letter d WHERE " + selection.where(parameters)
                                + " ORDER BY " + DeadLetters.HOLDS_UNITS + " DESC, d.created_at, d.dead_key LIMIT "
                                + limit)
                        .execute(Tuple.tuple(parameters)))
                .map(rows -> {
                    List<String> keys = new ArrayList<>();
                    rows.forEach(row -> keys.add(row.getString(0)));
                    return keys;
                });
    }

    /** The letters of these keys, those that exist, with their whole payloads. */
    Future<List<DeadLetterRow>> whole(List<String> keys) {
        return rows(COLUMNS + "d.payload" + FROM + "d.dead_key IN (" + marks(keys.size()) + ")", new ArrayList<>(keys));
    }

    /**
     * Notes that these letters are sent, with a line in the audit trail for each sale. A letter that came back in the
     * meantime stays open.
     */
    Future<Void> replayed(List<DeadLetterRow> letters, String actor) {
        return bounded(mysql.withTransaction(
                transaction -> mark(transaction, letters).compose(v -> trail(transaction, letters, actor))));
    }

    private static Future<Void> mark(SqlConnection transaction, List<DeadLetterRow> letters) {
        List<Tuple> batch = letters.stream()
                .map(letter -> Tuple.of(letter.key(), letter.deaths()))
                .toList();
        return transaction
                .preparedQuery(
                        "UPDATE dead_letter SET replayed_at = UTC_TIMESTAMP(3) WHERE dead_key = ? AND deaths = ?")
                .executeBatch(batch)
                .mapEmpty();
    }

    private static Future<Void> trail(SqlConnection transaction, List<DeadLetterRow> letters, String actor) {
        Map<String, Integer> counts = new TreeMap<>();
        for (DeadLetterRow letter : letters) {
            counts.merge(letter.saleId() == null ? "" : letter.saleId(), 1, Integer::sum);
        }
        List<Future<Void>> lines = new ArrayList<>();
        counts.forEach((saleId, count) -> lines.add(AuditTrail.add(
                transaction, actor, "replay", saleId, new JsonObject().put("deadLetters", count), null)));
        return Future.all(lines).mapEmpty();
    }

    private Future<List<DeadLetterRow>> rows(String sql, List<Object> parameters) {
        return bounded(mysql.preparedQuery(sql).execute(Tuple.tuple(parameters)))
                .map(DeadLetterStore::rows);
    }

    private static List<DeadLetterRow> rows(RowSet<io.vertx.sqlclient.Row> rows) {
        List<DeadLetterRow> letters = new ArrayList<>(rows.size());
        rows.forEach(row -> letters.add(DeadLetterRow.of(row)));
        return letters;
    }

    private static String marks(int count) {
        return String.join(",", Collections.nCopies(count, "?"));
    }

    private <T> Future<T> bounded(Future<T> query) {
        return query.timeout(timeoutMs, TimeUnit.MILLISECONDS);
    }
}
