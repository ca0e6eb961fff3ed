package io.seckill.loadtest.gatling;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The run's time. It begins a little after the first visitor of the plan was made: Gatling makes visitors ahead of their
 * times, each waits for its own, and so is sent when the plan says and not when Gatling got round to making it.
 */
final class Clock {
    private final long leadNanos;
    private final Answers answers;
    // Zero is a time that nanoTime may have, once in 584 years.
    private final AtomicLong zero = new AtomicLong();

    Clock(Duration lead, Answers answers) {
        this.leadNanos = lead.toNanos();
        this.answers = answers;
    }

    /** The first call fixes the start. */
    void start() {
        long now = System.nanoTime();
        if (zero.get() == 0 && zero.compareAndSet(0, now + leadNanos)) {
            answers.started(System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(leadNanos));
        }
    }

    boolean isStarted() {
        return zero.get() != 0;
    }

    /** Microseconds since the start; negative before. */
    long micros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - zero.get());
    }

    /** What is left until then; zero if it is over. */
    Duration until(long micros) {
        return Duration.ofNanos(Math.max(0, zero.get() + TimeUnit.MICROSECONDS.toNanos(micros) - System.nanoTime()));
    }
}
