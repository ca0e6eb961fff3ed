package io.seckill.worker;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.seckill.worker.OrderRow.SaleEpoch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rows of one transaction, no order id twice. Pure.
 *
 * @param rows in the order in which they arrived, since on a shortage the first come shall be served
 */
record StorePlan(List<OrderRow> rows) {

    StorePlan {
        rows = List.copyOf(rows);
    }

    /**
     * Takes the orders of several messages together. Of equal order ids that of the highest epoch stays: after a rebuild an
     * order of the old epoch, which is refused, may bear the id of one that was accepted anew.
     */
    static StorePlan of(Collection<OrderBatch> batches) {
        Map<String, OrderRow> byId = new LinkedHashMap<>();
        for (OrderBatch batch : batches) {
            for (Lot lot : batch.lots()) {
                for (OrderLine line : lot.orders()) {
                    OrderRow row = OrderRow.of(lot, line);
                    byId.merge(
                            row.orderId(),
                            row,
                            (first, second) ->
                                    second.lot().epoch() > first.lot().epoch() ? second : first);
                }
            }
        }
        return new StorePlan(new ArrayList<>(byId.values()));
    }

    /** Rows by order id: all workers insert, hence lock, in the same order. */
    List<OrderRow> inLockOrder() {
        List<OrderRow> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparing(OrderRow::orderId));
        return sorted;
    }

    /** Units by sale and epoch, in the order of their guards. */
    SortedMap<SaleEpoch, Long> units() {
        SortedMap<SaleEpoch, Long> units = new TreeMap<>();
        for (OrderRow row : rows) {
            units.merge(row.saleEpoch(), (long) row.line().quantity(), Long::sum);
        }
        return units;
    }
}
