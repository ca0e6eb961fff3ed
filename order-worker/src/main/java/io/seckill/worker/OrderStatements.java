package io.seckill.worker;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The worker's SQL. Statements of many rows come in sizes that are powers of two, so that any number of rows is served by
 * a few prepared statements. Pure.
 */
final class OrderStatements {
    /** Most rows in one statement: beyond it nothing gets faster. */
    static final int MAX_ROWS = 512;

    static final String GUARD = "UPDATE sale_row SET sold = sold + ?"
            + " WHERE sale_id = ? AND sold + ? <= stock AND ? BETWEEN accept_epoch AND epoch";
    static final String SALE = "SELECT stock, sold, epoch, accept_epoch FROM sale_row WHERE sale_id = ?";

    private static final String INSERT_HEAD =
            "INSERT INTO orders (order_id, sale_id, user_id, quantity, attempt, state,"
                    + " created_at, pay_by, epoch, lot_seq, batch_id) VALUES ";
    private static final String VALUES = "(?,?,?,?,?,'pending_payment',?,?,?,?,?)";
    // Never INSERT IGNORE: it would swallow bad data too. A row that was there is always changed, so that the server's
    // count tells it (2) from a new one (1), and in a way that its batch can still be read from it, see BATCH.
    private static final String ABSORB = " ON DUPLICATE KEY UPDATE batch_id = -1 - orders.batch_id";
    // Of the transaction that wrote a row, however often an order came for a place that the row has.
    private static final String BATCH = "GREATEST(batch_id, -1 - batch_id)";

    private static final String[] INSERT = bySize(INSERT_HEAD, VALUES, ABSORB);
    private static final String[] PRESENCE =
            bySize("SELECT order_id, " + BATCH + " = ? AS fresh FROM orders WHERE order_id IN (", "?", ")");

    /** A statement and its parameters. */
    record Bound(String sql, Tuple parameters) {}

    private OrderStatements() {}

    /**
     * Inserts all rows. Of one that is there already, or collides with another active order, nothing is written; the row in
     * its place counts twice among the affected ones.
     */
    static List<Bound> inserts(List<OrderRow> rows, long batchId) {
        List<Bound> statements = new ArrayList<>();
        for (int from = 0; from < rows.size(); ) {
            int size = Math.min(MAX_ROWS, Integer.highestOneBit(rows.size() - from));
            Tuple parameters = Tuple.tuple(new ArrayList<>(size * 10));
            for (OrderRow row : rows.subList(from, from + size)) {
                parameters
                        .addString(row.orderId())
                        .addString(row.lot().saleId())
                        .addString(row.line().userId())
                        .addInteger(row.line().quantity())
                        .addInteger(row.line().attempt())
                        .addLocalDateTime(row.createdAt())
                        .addLocalDateTime(row.payBy())
                        .addInteger(row.lot().epoch())
                        .addLong(row.lot().seq())
                        .addLong(batchId);
            }
            statements.add(new Bound(INSERT[sizeIndex(size)], parameters));
            from += size;
        }
        return statements;
    }

    /** Which of the rows are there, and whether this batch wrote them. */
    static List<Bound> presence(List<OrderRow> rows, long batchId) {
        List<Bound> statements = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += MAX_ROWS) {
            List<OrderRow> part = rows.subList(from, Math.min(rows.size(), from + MAX_ROWS));
            int size = Integer.highestOneBit(2 * part.size() - 1);
            Tuple parameters = Tuple.tuple(new ArrayList<>(size + 1)).addLong(batchId);
            for (int i = 0; i < size; i++) {
                // The last id again fills up to the size: in a list for IN it changes nothing.
                parameters.addString(part.get(Math.min(i, part.size() - 1)).orderId());
            }
            statements.add(new Bound(PRESENCE[sizeIndex(size)], parameters));
        }
        return statements;
    }

    private static String[] bySize(String before, String repeated, String after) {
        String[] statements = new String[sizeIndex(MAX_ROWS) + 1];
        for (int i = 0; i < statements.length; i++) {
            statements[i] = before + String.join(",", Collections.nCopies(1 << i, repeated)) + after;
        }
        return statements;
    }

    private static int sizeIndex(int powerOfTwo) {
        return Integer.numberOfTrailingZeros(powerOfTwo);
    }
}
