package io.seckill.gateway.identity;

import java.util.concurrent.TimeUnit;

/** So many a second, and some more at once after a rest: a token bucket. Of one event loop. */
final class SignInRate {
    static final int PER_SECOND = 10;
    static final int AT_ONCE = 20;

    private static final long NANOS_EACH = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    // When the bucket was, or will be, empty.
    private long emptyNanos;

    SignInRate(long nowNanos) {
        emptyNanos = nowNanos - AT_ONCE * NANOS_EACH;
    }

    /** Takes one, if there is one. */
    boolean take(long nowNanos) {
        long full = nowNanos - AT_ONCE * NANOS_EACH;
        if (emptyNanos - full < 0) {
            emptyNanos = full;
        }
        if (emptyNanos + NANOS_EACH - nowNanos > 0) {
            return false;
        }
        emptyNanos += NANOS_EACH;
        return true;
    }
}
