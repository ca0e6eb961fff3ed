package io.seckill.gateway.admin;

import io.seckill.schema.order.DeadLetters;
import io.seckill.schema.redis.BuyerEntry;
import io.vertx.sqlclient.Row;

/**
 * A dead letter as the audit sees it. Pure.
 *
 * @param epoch of the order that died; null in letters of an earlier version
 */
record AuditLetter(String orderId, String reason, Integer epoch) {
    /** To be followed by a list of order ids. */
    static final String SELECT = "SELECT order_id, reason, epoch FROM dead_letter WHERE order_id IN ";

    static AuditLetter of(Row row) {
        return new AuditLetter(row.getString("order_id"), row.getString("reason"), row.getInteger("epoch"));
    }

    /**
     * Whether it is of the very purchase that took this buyer's units. After a rebuild the user may have bought anew what an
     * order of an older epoch did not get, and the new order bears the same id.
     */
    boolean isOf(BuyerEntry entry) {
        return DeadLetters.holdsUnits(reason) || epoch == null || epoch >= entry.epoch();
    }

    /** Of the units that Redis took for it, those that exist: what it took beyond the stock is no part of the stock. */
    int units(BuyerEntry entry) {
        return DeadLetters.word(reason).equals(DeadLetters.STOCK_EXCEEDED) ? 0 : entry.quantity();
    }
}
