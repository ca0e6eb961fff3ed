package io.seckill.schema.order;

/**
 * What a row of {@code dead_letter} stands for, in SQL. Its reason is a word, or a word, a colon and a detail.
 *
 * <p>Most letters hold units: Redis took them for the order, nothing else counts them, and a replay may still make an order
 * of them. Two kinds do not: a rebuild gave the units of an order of an older epoch to others, and what Redis accepted beyond
 * the stock never existed. These two are never replayed.
 */
public final class DeadLetters {
    public static final String STALE_EPOCH = "stale_epoch";
    public static final String STOCK_EXCEEDED = "stock_exceeded";

    /** The reason's word, of a row under the alias {@code d}. */
    public static final String REASON = "SUBSTRING_INDEX(d.reason, ':', 1)";
    /** Whether the letter under the alias {@code d} is one that may hold units. */
    public static final String HOLDS_UNITS = REASON + " NOT IN ('" + STALE_EPOCH + "', '" + STOCK_EXCEEDED + "')";
    /** Whether the order of the letter under the alias {@code d} is not stored. */
    public static final String NOT_STORED =
            "NOT EXISTS (SELECT 1 FROM orders stored WHERE stored.order_id = d.order_id)";
    /** Whether somebody has to see to the letter under the alias {@code d}. */
    public static final String OPEN = "d.replayed_at IS NULL AND " + NOT_STORED;

    private DeadLetters() {}

    public static boolean holdsUnits(String reason) {
        String word = word(reason);
        return !word.equals(STALE_EPOCH) && !word.equals(STOCK_EXCEEDED);
    }

    /** The word of a reason. */
    public static String word(String reason) {
        int colon = reason.indexOf(':');
        return colon < 0 ? reason : reason.substring(0, colon);
    }
}
