package io.seckill.loadtest.growth;

import java.util.List;

/**
 * The points to measure at, ascending.
 *
 * @param seconds of each point
 * @param connections of wrk to one gateway and one sale
 * @param buyers that a sale has already
 * @param sales that are open at once
 * @param batches purchases in one reserve call
 */
public record GrowthPlan(
        int warmUpSeconds,
        int seconds,
        List<Integer> connections,
        List<Integer> buyers,
        List<Integer> sales,
        List<Integer> batches) {

    public static final GrowthPlan QUICK =
            new GrowthPlan(1, 1, List.of(1, 64), List.of(0, 10_000), List.of(1, 10), List.of(1, 64));

    public static GrowthPlan whole(int seconds) {
        return new GrowthPlan(
                6,
                seconds,
                List.of(1, 4, 16, 64, 256, 1024),
                List.of(0, 10_000, 100_000, 1_000_000),
                List.of(1, 10, 50),
                List.of(1, 4, 16, 64, 256));
    }
}
