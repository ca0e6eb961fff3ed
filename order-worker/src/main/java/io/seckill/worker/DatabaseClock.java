package io.seckill.worker;

import java.util.function.LongSupplier;

/**
 * MySQL's clock as this process sees it: the last reading plus what a monotonic clock has counted since, so that a wrong
 * clock of this machine delays nothing. Until the first reading the machine's own has to do. Safe on any thread.
 */
final class DatabaseClock {
    private final LongSupplier nanos;
    private volatile long offsetMs;

    /**
     * @param nowMs the machine's clock at this moment
     * @param nanos a monotonic clock
     */
    DatabaseClock(long nowMs, LongSupplier nanos) {
        this.nanos = nanos;
        read(nowMs);
    }

    /** MySQL said that it is now this late. */
    void read(long nowMs) {
        offsetMs = nowMs - nanos.getAsLong() / 1_000_000;
    }

    long nowMs() {
        return offsetMs + nanos.getAsLong() / 1_000_000;
    }
}
