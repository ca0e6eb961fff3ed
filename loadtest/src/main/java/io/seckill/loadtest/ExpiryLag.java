package io.seckill.loadtest;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** From the ends of payment windows to the expiry of their orders, as MySQL has both. Read by {@link StoredOrders}. */
final class ExpiryLag {

    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);

    private final Histogram micros = new Histogram(LONGEST_MICROS, 3);
    private long early;
    private long others;
    private Instant lastPayBy = Instant.EPOCH;

    /**
     * Enters some orders of one kind.
     *
     * @param lagMicros counts only if they have expired
     */
    void add(boolean expired, long lagMicros, long orders, Instant payBy) {
        if (!expired) {
            others += orders;
        } else {
            micros.recordValueWithCount(Math.min(LONGEST_MICROS, Math.max(0, lagMicros)), orders);
            early += lagMicros < 0 ? orders : 0;
        }
        lastPayBy = payBy.isAfter(lastPayBy) ? payBy : lastPayBy;
    }

    Latency latency() {
        return Latency.of(micros);
    }

    /** Orders that expired before the end of their window: a defect. */
    long early() {
        return early;
    }

    /** Orders that have not expired. */
    long others() {
        return others;
    }

    /** The end of the last payment window; {@link Instant#EPOCH} if there is no order. */
    Instant lastPayBy() {
        return lastPayBy;
    }
}
