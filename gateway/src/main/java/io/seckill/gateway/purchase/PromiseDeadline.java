package io.seckill.gateway.purchase;

import java.util.concurrent.TimeUnit;

/**
 * How long after a purchase's arrival, which is before Redis is asked, it may still be promised. A sale that is rebuilt waits
 * this long and then takes it that every 202 of its past was confirmed by RabbitMQ before; so this is asked where a promise is
 * made, by a monotonic clock, and not left to a timer: a process that was stopped for a minute finds the confirm before its
 * timers.
 *
 * @param millis from the arrival
 */
record PromiseDeadline(int millis) {

    /**
     * @param arrivedNanos by the monotonic clock
     * @param nowNanos by the same
     */
    boolean hasPassed(long arrivedNanos, long nowNanos) {
        return nowNanos - arrivedNanos > nanos();
    }

    long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
