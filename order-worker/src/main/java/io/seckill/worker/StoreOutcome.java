package io.seckill.worker;

import java.util.List;

/** What became of the rows of one transaction. A failed Future instead means that they may be tried again. */
sealed interface StoreOutcome {
    /**
     * Committed.
     *
     * @param fresh rows that were new, and counted as sold
     * @param duplicates rows that were there already
     * @param unstorable rows that another active order of the same user keeps out for good
     */
    record Stored(int fresh, int duplicates, List<OrderRow> unstorable) implements StoreOutcome {}

    /** Rolled back: these rows together cannot be stored. */
    record Refused(Refusal refusal) implements StoreOutcome {}
}
