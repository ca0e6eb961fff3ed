package io.seckill.schema.order;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The transaction that ends unpaid orders: one conditional UPDATE decides; what it changed then goes, in the same
 * transaction, into the outbox of events, and, where units come free, into the restock outbox and off {@code sold}. So
 * there is no instant at which one is done and the other is not, and nothing that was paid is ever restocked.
 *
 * <p>What the UPDATE changed is told by a number of its own that it writes into the rows (the client counts rows found,
 * not changed; see OrderStore in order-worker). Orders are locked in the order of their ids and sales after them, like the
 * worker's transaction does, so that two of these seldom meet crosswise; a deadlock is for the caller to try again. A
 * statement that still runs after a deadlock rolled everything back finds no row with that number, and does nothing; only
 * with orders of several sales the session must have autocommit off.
 */
public final class OrderEnding {
    /** Most orders in one call. */
    public static final int MAX_ORDERS = 1_024;

    private static final String CHANGED = " FROM orders WHERE batch_id = ? AND order_id IN (";
    private static final String[] MARKS = marks();
    private static final SecureRandom BATCH_IDS = new SecureRandom();

    private OrderEnding() {}

    /**
     * Ends those of the orders that are unpaid and meet the condition of {@code end}, within the caller's transaction.
     *
     * @param orderIds at most {@link #MAX_ORDERS}; unknown ones and others that do not meet the condition are passed over
     * @return the orders that this very call ended
     */
    public static Future<List<EndedOrder>> apply(SqlConnection transaction, OrderEnd end, List<String> orderIds) {
        return apply(transaction, end, orderIds, null);
    }

    /** The same for one order, and only if it is this user's. */
    public static Future<List<EndedOrder>> apply(
            SqlConnection transaction, OrderEnd end, String orderId, String userId) {
        return apply(transaction, end, List.of(orderId), userId);
    }

    private static Future<List<EndedOrder>> apply(
            SqlConnection transaction, OrderEnd end, List<String> orderIds, String userId) {
        if (orderIds.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        if (orderIds.size() > MAX_ORDERS) {
            throw new IllegalArgumentException(orderIds.size() + " orders in one transaction");
        }
        long batchId = BATCH_IDS.nextLong() >>> 1;
        List<String> ids = padded(orderIds);
        String in = MARKS[sizeIndex(ids.size())] + ")";
        Tuple decide = Tuple.of(end.state(), batchId);
        ids.forEach(decide::addString);
        String ofUser = "";
        if (userId != null) {
            ofUser = " AND user_id = ?";
            decide.addString(userId);
        }
        Tuple changed = Tuple.of(batchId);
        ids.forEach(changed::addString);
        List<Future<RowSet<Row>>> steps = new ArrayList<>();
        steps.add(transaction
                .preparedQuery("UPDATE orders SET state = ?, settled_at = UTC_TIMESTAMP(3), batch_id = ?"
                        + " WHERE order_id IN (" + in + ofUser + " AND state = 'pending_payment' AND "
                        + end.condition())
                .execute(decide));
        steps.add(transaction
                .preparedQuery("SELECT order_id, sale_id, user_id, quantity, attempt, state, pay_by, settled_at"
                        + CHANGED + in)
                .execute(changed));
        steps.add(transaction
                .preparedQuery("INSERT INTO order_event (order_id, sale_id, user_id, quantity, attempt, state, at)"
                        + " SELECT order_id, sale_id, user_id, quantity, attempt, state, settled_at" + CHANGED + in)
                .execute(changed));
        if (end.freesUnits()) {
            steps.add(transaction
                    .preparedQuery("INSERT INTO restock (order_id, sale_id, user_id, attempt, quantity, created_at)"
                            + " SELECT order_id, sale_id, user_id, attempt, quantity, settled_at" + CHANGED + in)
                    .execute(changed));
        }
        return Future.all(steps).compose(done -> {
            List<EndedOrder> ended = orders(steps.get(1).result());
            return end.freesUnits() ? unsell(transaction, ended).map(ended) : Future.succeededFuture(ended);
        });
    }

    private static Future<Void> unsell(SqlConnection transaction, List<EndedOrder> ended) {
        Map<String, Long> units = new TreeMap<>();
        ended.forEach(order -> units.merge(order.saleId(), (long) order.quantity(), Long::sum));
        List<Future<RowSet<Row>>> updates = new ArrayList<>();
        units.forEach((saleId, freed) -> updates.add(transaction
                .preparedQuery("UPDATE sale_row SET sold = sold - ? WHERE sale_id = ?")
                .execute(Tuple.of(freed, saleId))));
        return Future.all(updates).mapEmpty();
    }

    private static List<EndedOrder> orders(RowSet<Row> rows) {
        List<EndedOrder> ended = new ArrayList<>(rows.size());
        for (Row row : rows) {
            ended.add(new EndedOrder(
                    row.getString("order_id"),
                    row.getString("sale_id"),
                    row.getString("user_id"),
                    row.getInteger("quantity"),
                    row.getInteger("attempt"),
                    row.getString("state"),
                    row.getLocalDateTime("pay_by").toInstant(ZoneOffset.UTC),
                    row.getLocalDateTime("settled_at").toInstant(ZoneOffset.UTC)));
        }
        return ended;
    }

    // In sizes that are powers of two, so that few prepared statements serve any number; the last id again changes
    // nothing.
    private static List<String> padded(List<String> orderIds) {
        List<String> ids = new ArrayList<>(orderIds);
        Collections.sort(ids);
        int size = Integer.highestOneBit(2 * ids.size() - 1);
        ids.addAll(Collections.nCopies(size - ids.size(), ids.get(ids.size() - 1)));
        return ids;
    }

    private static String[] marks() {
        String[] marks = new String[sizeIndex(MAX_ORDERS) + 1];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = String.join(",", Collections.nCopies(1 << i, "?"));
        }
        return marks;
    }

    private static int sizeIndex(int powerOfTwo) {
        return Integer.numberOfTrailingZeros(powerOfTwo);
    }
}
