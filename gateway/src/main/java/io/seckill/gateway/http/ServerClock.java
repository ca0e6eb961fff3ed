package io.seckill.gateway.http;

import java.util.function.LongSupplier;

/**
 * Redis' clock as a gateway sees it: the time of the last reading plus what a monotonic clock has counted since. So a
 * gateway whose own clock is wrong by minutes still opens the sale and ends tokens when all others do.
 *
 * @param atMs Redis' time at the reading, in ms since 1970
 * @param atNanos the monotonic clock at the reading
 * @param nanos the monotonic clock
 */
public record ServerClock(long atMs, long atNanos, LongSupplier nanos) {

    public static ServerClock at(long nowMs, LongSupplier nanos) {
        return new ServerClock(nowMs, nanos.getAsLong(), nanos);
    }

    public long nowMs() {
        return atMs + (nanos.getAsLong() - atNanos) / 1_000_000;
    }
}
