package io.seckill.gateway.admin;

import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SaleStatus;

/**
 * The instant at which an audit counts, as Redis numbers its calls: what a call after the cut moved is, for the audit,
 * still where it was. Pure.
 *
 * @param epoch of the sale at the cut
 * @param seq the last call that moved units before it
 */
record AuditCut(int epoch, long seq) {

    /** Of a sale that Redis does not have everything is before the cut. */
    static AuditCut of(SaleStatus status, int epochInMysql) {
        return status.present()
                ? new AuditCut(status.epoch(), status.seq())
                : new AuditCut(epochInMysql, Long.MAX_VALUE);
    }

    boolean tookBefore(BuyerEntry entry) {
        return entry.epoch() < epoch || (entry.epoch() == epoch && entry.seq() <= seq);
    }

    boolean gaveBackAfter(BuyerEntry entry) {
        return entry.releasedSeq() > seq;
    }

    /** The entry's order had its units at the cut. */
    boolean held(BuyerEntry entry) {
        return tookBefore(entry) && (entry.active() || gaveBackAfter(entry));
    }

    /** At the cut, some earlier order of this user may have had units that by now came back, and were taken again. */
    boolean mayHideAnEarlierOrder(BuyerEntry entry) {
        return !tookBefore(entry) && entry.attempt() > 1;
    }

    /**
     * Whether the units of an order that ended unpaid were back in Redis at the cut.
     *
     * @param attempt of the order
     * @param entry the user's entry now, or null
     */
    boolean wasBack(int attempt, BuyerEntry entry) {
        if (entry == null || entry.attempt() < attempt) {
            return false;
        } else if (entry.attempt() == attempt) {
            return !entry.active() && !gaveBackAfter(entry);
        }
        // A later order was accepted only when this one's units were back: at the latest by then.
        boolean releaseIsOfThisOrder = entry.active() && entry.attempt() == attempt + 1;
        return tookBefore(entry) || (releaseIsOfThisOrder && !gaveBackAfter(entry));
    }
}
