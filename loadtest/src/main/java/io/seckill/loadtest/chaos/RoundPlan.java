package io.seckill.loadtest.chaos;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One round: a sale, its shoppers and the faults that strike meanwhile.
 *
 * @param number from 1
 * @param seed of the shoppers' habits
 * @param stock units
 * @param windowSeconds the time an order can be paid in
 */
public record RoundPlan(
        int number, long seed, int stock, int shoppers, int maxPerUser, int windowSeconds, List<PlannedFault> faults) {

    public RoundPlan {
        faults = List.copyOf(faults);
    }

    @Override
    public String toString() {
        return "%,d units, %,d shoppers, %d each, %d s to pay: %s"
                .formatted(
                        stock,
                        shoppers,
                        maxPerUser,
                        windowSeconds,
                        faults.stream().map(PlannedFault::toString).collect(Collectors.joining(" + ")));
    }
}
