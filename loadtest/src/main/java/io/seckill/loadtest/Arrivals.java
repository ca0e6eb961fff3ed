package io.seckill.loadtest;

import java.time.Duration;

/**
 * When each buyer arrives, fixed before the rush begins: an open model, in which a slow system does not slow its
 * visitors down. A reply's latency counts from here and not from the moment at which a busy generator got round to
 * sending, so that waiting is never left out ("coordinated omission", a term of Gil Tene's). Played by {@link Rush}.
 */
public final class Arrivals {

    private final int count;
    private final long rampNanos;

    private Arrivals(int count, long rampNanos) {
        if (count < 1) {
            throw new IllegalArgumentException("a rush needs at least one buyer, not " + count);
        }
        if (rampNanos < 0) {
            throw new IllegalArgumentException("the ramp must not be negative");
        }
        this.count = count;
        this.rampNanos = rampNanos;
    }

    /** {@code count} buyers, evenly spaced over {@code ramp}; all at once if it is zero. */
    public static Arrivals over(int count, Duration ramp) {
        return new Arrivals(count, ramp.toNanos());
    }

    /** {@code count} buyers, {@code perSecond} of them each second. */
    public static Arrivals atRate(int count, int perSecond) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("the rate must be at least 1 a second, not " + perSecond);
        }
        return new Arrivals(count, count * 1_000_000_000L / perSecond);
    }

    public int count() {
        return count;
    }

    public Duration ramp() {
        return Duration.ofNanos(rampNanos);
    }

    /** Nanoseconds from the start of the rush to the arrival of buyer {@code index}; the first arrives at once. */
    public long offsetNanos(int index) {
        // In doubles: index × ramp overflows a long at a million buyers over three hours.
        return (long) ((double) index / count * rampNanos);
    }

    /** How many buyers have arrived by {@code elapsedNanos}, at most {@link #count()}. */
    public int dueBy(long elapsedNanos) {
        if (elapsedNanos < 0) {
            return 0;
        }
        if (elapsedNanos >= rampNanos) {
            return count;
        }
        int due = (int) Math.min(count, (long) ((double) elapsedNanos / rampNanos * count) + 1);
        // The division may be off by one buyer either way; the offsets are the schedule.
        while (due > 0 && offsetNanos(due - 1) > elapsedNanos) {
            due--;
        }
        while (due < count && offsetNanos(due) <= elapsedNanos) {
            due++;
        }
        return due;
    }
}
