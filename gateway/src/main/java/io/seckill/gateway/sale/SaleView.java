package io.seckill.gateway.sale;

import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;

/**
 * What this gateway knows of a sale at the moment: what MySQL wrote down and what Redis last said. Immutable; every event
 * loop gets the newest one.
 *
 * @param status Redis' last word, or null before the first
 * @param holders hashes of all users with an entry, sorted, when the sale is sold out; null while not known
 */
public record SaleView(SaleRow row, SaleKeys keys, SaleStatus status, Holders holders) {

    public static SaleView of(SaleRow row) {
        return new SaleView(row, SaleKeys.of(row.saleId()), null, null);
    }

    public SaleView with(SaleRow newer) {
        return new SaleView(newer, keys, status, holders);
    }

    public SaleView with(SaleStatus newer) {
        return new SaleView(row, keys, newer, holders);
    }

    public SaleView with(Holders newer) {
        return new SaleView(row, keys, status, newer);
    }

    public String saleId() {
        return row.saleId();
    }

    /** The epoch that a purchase compares with Redis'. */
    public int epoch() {
        return row.epoch();
    }

    public boolean isRecovering() {
        return row.phase() == SaleRow.Phase.LOADING || row.recovering() || status == null || !status.armed();
    }

    public boolean isOver(long nowMs) {
        return row.phase() == SaleRow.Phase.ENDED || nowMs >= row.endsMs();
    }

    /** The state that people see, at an instant of the servers' clock. */
    public String state(long nowMs) {
        if (isOver(nowMs)) {
            return "ended";
        } else if (isRecovering()) {
            return "recovering";
        } else if (row.phase() == SaleRow.Phase.PAUSED) {
            return "paused";
        } else if (nowMs < row.startsMs()) {
            return "scheduled";
        }
        return status.remaining() == 0 ? "sold_out" : "open";
    }

    public int remaining() {
        return status == null ? 0 : status.remaining();
    }

    /**
     * True if it is certain, without asking Redis, that there is nothing to buy for this user and nothing to be told
     * again: all units are taken, and none of them by this user.
     */
    public boolean isSoldOutFor(String userId) {
        return status != null
                && status.armed()
                && status.remaining() == 0
                && holders != null
                && holders.isOf(status)
                && !holders.mayContain(userId);
    }
}
