package io.seckill.gateway.admin;

import io.seckill.gateway.sale.SaleRow;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One count of a sale's units. They move from Redis to MySQL by orders and back by restocks. One atomic reading of Redis
 * fixes the cut: what remains, and the number of the last call that moved units. Then one consistent snapshot of MySQL is
 * opened, which has everything that was there before the cut, and both ledgers are counted as of the cut: what was taken or
 * given back later is put back where it was. So a busy sale raises no false alarm.
 */
final class AuditCount {
    /** Past this age an accepted order must be in MySQL or visibly on its way; otherwise it is lost. */
    static final int LOST_AFTER_MS = 30_000;

    private static final int PAGE = 500;
    private static final int RECHECK_AFTER_MS = 2_000;

    private static final String UP_TO_CUT = "(o.epoch < ? OR (o.epoch = ? AND o.lot_seq <= ?))";
    private static final String SUMS = "SELECT s.stock,"
            + " (SELECT COALESCE(SUM(quantity), 0) FROM orders o WHERE o.sale_id = s.sale_id AND " + UP_TO_CUT
            + " AND state = 'pending_payment') AS pending,"
            + " (SELECT COALESCE(SUM(quantity), 0) FROM orders o WHERE o.sale_id = s.sale_id AND " + UP_TO_CUT
            + " AND state = 'paid') AS paid,"
            + " (SELECT COALESCE(SUM(quantity), 0) FROM orders o WHERE o.sale_id = s.sale_id"
            + " AND state IN ('pending_payment', 'paid')) AS active"
            + " FROM sale_row s WHERE s.sale_id = ?";
    private static final String ON_THE_WAY_BACK = "SELECT r.user_id, r.attempt, r.quantity, r.applied_seq"
            + " FROM restock r JOIN orders o ON o.order_id = r.order_id WHERE r.sale_id = ? AND " + UP_TO_CUT
            + " AND (r.applied_at IS NULL OR r.applied_seq > ?)";

    private final Vertx vertx;
    private final SqlClient mysql;
    private final SeckillFunctions functions;
    private final SaleRow sale;
    private final SaleKeys keys;
    private final SaleStatus status;
    private final AuditCut cut;
    private final SqlConnection snapshot;

    private final Map<String, BuyerEntry> overdue = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private long inFlight;
    private long deadLettered;
    private long restocking;

    /**
     * @param mysql for what has to be seen as it is now
     * @param status the reading of Redis that is the cut
     * @param snapshot in a transaction that was opened after it
     */
    AuditCount(
            Vertx vertx,
            SqlClient mysql,
            SeckillFunctions functions,
            SaleRow sale,
            SaleStatus status,
            SqlConnection snapshot) {
        this.vertx = vertx;
        this.mysql = mysql;
        this.functions = functions;
        this.sale = sale;
        this.keys = SaleKeys.of(sale.saleId());
        this.status = status;
        this.cut = AuditCut.of(status, sale.epoch());
        this.snapshot = snapshot;
    }

    /** @param queued asks how many messages are in the queues in which an order may be on its way */
    Future<AuditTerms> run(Supplier<Future<Integer>> queued) {
        return scan("0")
                .compose(v -> countRestocking())
                .compose(v -> findLost(queued))
                .compose(lost -> snapshot.preparedQuery(SUMS)
                        .execute(Tuple.of(
                                cut.epoch(),
                                cut.epoch(),
                                cut.seq(),
                                cut.epoch(),
                                cut.epoch(),
                                cut.seq(),
                                sale.saleId()))
                        .map(rows -> terms(rows.iterator().next(), lost)));
    }

    private AuditTerms terms(Row row, long lost) {
        long stock = row.getLong("stock");
        // Stock that an operator added is in MySQL first.
        long added = status.present() ? Math.max(0, stock - status.stock()) : 0;
        return new AuditTerms(
                stock,
                status.remaining(),
                inFlight - lost,
                row.getLong("pending"),
                row.getLong("paid"),
                restocking + added,
                Math.max(0, row.getLong("active") - stock),
                lost,
                deadLettered);
    }

    private Future<Void> scan(String cursor) {
        return functions.scan(keys, cursor, PAGE).compose(page -> count(page)
                .compose(v -> page.last() ? Future.succeededFuture() : scan(page.nextCursor())));
    }

    private Future<Void> count(SeckillFunctions.Page page) {
        Map<String, BuyerEntry> held = new HashMap<>();
        List<String> earlier = new ArrayList<>();
        for (int i = 0; i < page.users().size(); i++) {
            String user = page.users().get(i);
            BuyerEntry entry = page.entries().get(i);
            if (!seen.add(user)) {
                continue;
            }
            if (cut.held(entry)) {
                held.put(orderId(user, entry.attempt()), entry);
            } else if (cut.mayHideAnEarlierOrder(entry)) {
                earlier.add(orderId(user, entry.attempt() - 1));
            }
        }
        return countHeld(held).compose(v -> countEarlier(earlier));
    }

    // What MySQL had at the snapshot it counts itself; the rest was on its way.
    private Future<Void> countHeld(Map<String, BuyerEntry> held) {
        return notStored(snapshot, held)
                .compose(notStored -> letters(snapshot, notStored).map(letters -> {
                    notStored.forEach((id, entry) -> {
                        AuditLetter letter = letters.get(id);
                        if (letter != null) {
                            deadLettered += letter.units(entry);
                            return;
                        }
                        inFlight += entry.quantity();
                        if (status.nowMs() - entry.createdAtMs() > LOST_AFTER_MS) {
                            overdue.put(id, entry);
                        }
                    });
                    return null;
                }));
    }

    // On its way at the snapshot, stored and ended and bought anew since: MySQL knows by now what it was.
    private Future<Void> countEarlier(List<String> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture();
        }
        return among(snapshot, "order_id", ids).compose(stored -> {
            List<String> late =
                    ids.stream().filter(id -> !stored.containsKey(id)).toList();
            return late.isEmpty()
                    ? Future.succeededFuture()
                    : among(mysql, "IF(" + UP_TO_CUT + ", quantity, 0)", late).map(units -> {
                        units.values().forEach(value -> inFlight += ((Number) value).longValue());
                        return null;
                    });
        });
    }

    /** By order id, one value of each order that is there. */
    private Future<Map<String, Object>> among(SqlClient client, String column, List<String> ids) {
        Tuple parameters = column.contains("?") ? Tuple.of(cut.epoch(), cut.epoch(), cut.seq()) : Tuple.tuple();
        return client.preparedQuery(
                        "SELECT o.order_id, " + column + " AS value FROM orders o WHERE o.order_id IN " + literals(ids))
                .execute(parameters)
                .map(rows -> {
                    Map<String, Object> values = new HashMap<>();
                    rows.forEach(row -> values.put(row.getString("order_id"), row.getValue("value")));
                    return values;
                });
    }

    private record Back(String userId, int attempt, int quantity) {}

    private Future<Void> countRestocking() {
        return snapshot.preparedQuery(ON_THE_WAY_BACK)
                .execute(Tuple.of(sale.saleId(), cut.epoch(), cut.epoch(), cut.seq(), cut.seq()))
                .compose(rows -> {
                    List<Back> unmarked = new ArrayList<>();
                    for (Row row : rows) {
                        if (row.getLong("applied_seq") == null) {
                            unmarked.add(new Back(
                                    row.getString("user_id"), row.getInteger("attempt"), row.getInteger("quantity")));
                        } else {
                            restocking += row.getInteger("quantity");
                        }
                    }
                    return countUnmarked(unmarked, 0);
                });
    }

    // Redis may have these already, without MySQL's having heard of it: ask Redis.
    private Future<Void> countUnmarked(List<Back> unmarked, int from) {
        if (from >= unmarked.size()) {
            return Future.succeededFuture();
        }
        List<Back> page = unmarked.subList(from, Math.min(unmarked.size(), from + PAGE));
        return functions.entries(keys, page.stream().map(Back::userId).toList()).compose(entries -> {
            for (int i = 0; i < page.size(); i++) {
                if (!cut.wasBack(page.get(i).attempt(), entries.get(i))) {
                    restocking += page.get(i).quantity();
                }
            }
            return countUnmarked(unmarked, from + PAGE);
        });
    }

    // Overdue is lost only if it is in no outbox and no queue, and has not arrived by a later look either.
    private Future<Long> findLost(Supplier<Future<Integer>> queued) {
        if (overdue.isEmpty()) {
            return Future.succeededFuture(0L);
        }
        return functions.outbox(keys).compose(outbox -> queued.get().compose(messages -> {
            if (messages > 0) {
                return Future.succeededFuture(0L);
            }
            Map<String, BuyerEntry> suspects = new HashMap<>(overdue);
            suspects.values().removeIf(entry -> outbox.contains(Lot.id(entry.epoch(), entry.seq())));
            return vertx.timer(RECHECK_AFTER_MS, TimeUnit.MILLISECONDS)
                    .compose(v -> notStored(mysql, suspects))
                    .compose(still -> letters(mysql, still).map(letters -> {
                        still.keySet().removeAll(letters.keySet());
                        return units(still);
                    }));
        }));
    }

    private String orderId(String user, int attempt) {
        return OrderIds.of(sale.saleId(), user, attempt).toString();
    }

    private static long units(Map<String, BuyerEntry> orders) {
        return orders.values().stream().mapToLong(BuyerEntry::quantity).sum();
    }

    /** Those of the orders that MySQL does not have. */
    private static Future<Map<String, BuyerEntry>> notStored(SqlClient mysql, Map<String, BuyerEntry> orders) {
        if (orders.isEmpty()) {
            return Future.succeededFuture(orders);
        }
        return mysql.query("SELECT order_id FROM orders WHERE order_id IN " + literals(orders.keySet()))
                .execute()
                .map(rows -> {
                    Map<String, BuyerEntry> rest = new HashMap<>(orders);
                    rows.forEach(row -> rest.remove(row.getString("order_id")));
                    return rest;
                });
    }

    /** The dead letters of these very purchases, by order id; replayed or not, as long as the order is not stored. */
    private static Future<Map<String, AuditLetter>> letters(SqlClient mysql, Map<String, BuyerEntry> orders) {
        if (orders.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return mysql.query(AuditLetter.SELECT + literals(orders.keySet()))
                .execute()
                .map(rows -> {
                    Map<String, AuditLetter> letters = new HashMap<>();
                    rows.forEach(row -> {
                        AuditLetter letter = AuditLetter.of(row);
                        if (letter.isOf(orders.get(letter.orderId()))) {
                            letters.put(letter.orderId(), letter);
                        }
                    });
                    return letters;
                });
    }

    /** The ids are ours: hexadecimal digits and dashes. */
    private static String literals(Collection<String> ids) {
        return ids.stream().collect(Collectors.joining("','", "('", "')"));
    }
}
