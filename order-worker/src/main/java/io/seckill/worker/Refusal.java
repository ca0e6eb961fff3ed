package io.seckill.worker;

import io.seckill.schema.order.DeadLetters;
import io.seckill.worker.OrderRow.SaleEpoch;
import java.util.List;

/**
 * Why orders cannot be stored.
 *
 * @param reason a word of the fixed set below or {@code sql_<code>}: header of the dead letter and tag of its metric
 * @param at the sale and epoch whose guard refused; null if it was no guard
 * @param detail for the log line
 */
record Refusal(String reason, SaleEpoch at, String detail) {
    static final String NO_SUCH_SALE = "no_such_sale";
    static final String STALE_EPOCH = DeadLetters.STALE_EPOCH;
    /** The order's epoch has not begun in MySQL. */
    static final String UNKNOWN_EPOCH = "unknown_epoch";
    /** Redis accepted more than there is: an alarm. */
    static final String STOCK_EXCEEDED = DeadLetters.STOCK_EXCEEDED;

    static final String DUPLICATE_ACTIVE_ORDER = "duplicate_active_order";
    static final String IMPOSSIBLE_TIME = "impossible_time";
    static final String MALFORMED = "malformed";

    /** All but {@code sql_<code>}. */
    static final List<String> REASONS = List.of(
            NO_SUCH_SALE,
            STALE_EPOCH,
            UNKNOWN_EPOCH,
            STOCK_EXCEEDED,
            DUPLICATE_ACTIVE_ORDER,
            IMPOSSIBLE_TIME,
            MALFORMED);

    static Refusal sql(Throwable failure) {
        return new Refusal("sql_" + MysqlFailure.code(failure), null, String.valueOf(failure.getMessage()));
    }
}
