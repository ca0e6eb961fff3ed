package io.seckill.worker;

import io.seckill.worker.OrderRow.SaleEpoch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Finds the orders that cannot be stored among those that can: a refused piece is cut in two until the refused one stands
 * alone. Pure; the pieces come out in order of arrival, one at a time.
 */
final class Bisection {
    private final Deque<StorePlan> pieces = new ArrayDeque<>();
    private final List<Refused> refused = new ArrayList<>();

    /** One order that is refused even alone. */
    record Refused(OrderRow row, Refusal refusal) {}

    /** @param maxRows most rows of a piece */
    Bisection(StorePlan plan, int maxRows) {
        List<OrderRow> rows = plan.rows();
        for (int from = 0; from < rows.size(); from += maxRows) {
            pieces.add(new StorePlan(rows.subList(from, Math.min(rows.size(), from + maxRows))));
        }
    }

    /** The piece to store now, the same one until it is settled; null when all are. */
    StorePlan current() {
        return pieces.peek();
    }

    /** The current piece is committed, but for these. */
    void stored(List<OrderRow> unstorable) {
        pieces.remove();
        Refusal refusal = new Refusal(Refusal.DUPLICATE_ACTIVE_ORDER, null, "the user has another active order");
        unstorable.forEach(row -> refused.add(new Refused(row, refusal)));
    }

    /** The current piece is rolled back. */
    void refused(Refusal refusal) {
        StorePlan piece = pieces.remove();
        if (piece.rows().size() == 1) {
            refused.add(new Refused(piece.rows().get(0), refusal));
            return;
        }
        List<List<OrderRow>> parts = split(piece.rows(), refusal.at());
        pieces.push(new StorePlan(parts.get(1)));
        pieces.push(new StorePlan(parts.get(0)));
    }

    /** All orders found so far that cannot be stored. */
    List<Refused> refused() {
        return refused;
    }

    /** Other sales first, whole, where a guard names the one that refused; halves otherwise. */
    private static List<List<OrderRow>> split(List<OrderRow> rows, SaleEpoch at) {
        if (at != null) {
            List<OrderRow> others = new ArrayList<>();
            List<OrderRow> culprits = new ArrayList<>();
            for (OrderRow row : rows) {
                (row.saleEpoch().equals(at) ? culprits : others).add(row);
            }
            if (!others.isEmpty() && !culprits.isEmpty()) {
                return List.of(others, culprits);
            }
        }
        int half = (rows.size() + 1) / 2;
        return List.of(rows.subList(0, half), rows.subList(half, rows.size()));
    }
}
