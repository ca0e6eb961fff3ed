package io.seckill.loadtest.bench;

import java.time.Duration;

/**
 * What one round measured, one thing after the other. Rates are per second.
 *
 * @param ceiling of the bare server
 * @param soldOut refusals of a sale that is over
 * @param stored accepted and confirmed while a worker stores
 * @param behind how far MySQL was behind at most meanwhile
 * @param accepted accepted and confirmed while nobody stores
 * @param synced {@code accepted} with Redis syncing each write to disk before it replies ({@code appendfsync always})
 * @param naive {@code accepted} of the naive pipeline
 * @param redis calls of Redis alone
 */
record BenchRound(
        Wrk.Run ceiling,
        Wrk.Run soldOut,
        Wrk.Run stored,
        Duration behind,
        Wrk.Run accepted,
        Wrk.Run synced,
        Wrk.Run naive,
        double redis) {}
