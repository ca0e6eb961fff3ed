package io.seckill.worker.rebuild;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderBatch.MalformedMessage;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.order.DeadLetters;
import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SeckillFunctions.Holder;
import io.vertx.core.Future;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Buyers whose accepted order is a dead letter. It may be stored yet, by the operator's replay, so a rebuild keeps its units
 * and its buyer's entry.
 *
 * @param units that they hold together
 */
record DeadHolders(List<Holder> list, int units) {
    private static final String QUERY = "SELECT d.payload FROM dead_letter d WHERE d.sale_id = ? AND "
            + DeadLetters.HOLDS_UNITS + " AND " + DeadLetters.NOT_STORED
            + " AND NOT EXISTS (SELECT 1 FROM orders o"
            + " WHERE o.user_id = d.user_id AND o.sale_id = d.sale_id AND o.active = 1)"
            + " ORDER BY d.created_at";

    static Future<RowSet<Row>> query(MySQLConnection snapshot, String saleId) {
        return snapshot.preparedQuery(QUERY).execute(Tuple.of(saleId));
    }

    /** @param unsold units that they can hold at most; who comes too late holds none */
    static DeadHolders of(RowSet<Row> letters, int unsold) {
        List<Holder> holders = new ArrayList<>();
        int units = 0;
        for (Row letter : letters) {
            Lot lot = lot(letter);
            if (lot == null) {
                continue;
            }
            OrderLine line = lot.orders().get(0);
            if (units + line.quantity() <= unsold) {
                units += line.quantity();
                holders.add(new Holder(
                        line.userId(),
                        new BuyerEntry(
                                true, line.attempt(), line.quantity(), lot.epoch(), lot.seq(), lot.createdAtMs(), 0)));
            }
        }
        return new DeadHolders(holders, units);
    }

    private static Lot lot(Row letter) {
        try {
            return OrderBatch.decode(letter.getBuffer("payload")).lots().get(0);
        } catch (MalformedMessage e) {
            return null;
        }
    }
}
