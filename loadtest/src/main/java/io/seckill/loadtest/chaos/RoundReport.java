package io.seckill.loadtest.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a round.
 *
 * @param accepted orders that 202s named, of the round's own shoppers
 * @param refused purchases with a definite no
 * @param unknown purchases without a definite answer
 * @param recovered from the end of the last fault to the last gateway's first 202; null if none came
 * @param rest from the end of the last fault until nothing was under way any more and every unpaid order had expired; null
 *     if that never came
 * @param broken the promises that did not hold, in words
 * @param skipped why the round was not run; null if it was
 */
public record RoundReport(
        RoundPlan plan,
        String saleId,
        long accepted,
        long refused,
        long unknown,
        Duration recovered,
        Duration rest,
        Duration took,
        List<String> broken,
        String skipped) {

    public RoundReport {
        broken = List.copyOf(broken);
    }

    static RoundReport skipped(RoundPlan plan, String why) {
        return new RoundReport(plan, "", 0, 0, 0, null, null, Duration.ZERO, List.of(), why);
    }

    /** The same with one more promise that did not hold. */
    RoundReport with(String alsoBroken) {
        List<String> all = new ArrayList<>(broken);
        all.add(alsoBroken);
        return new RoundReport(plan, saleId, accepted, refused, unknown, recovered, rest, took, all, skipped);
    }

    public boolean isSkipped() {
        return skipped != null;
    }

    public boolean ok() {
        return broken.isEmpty() && !isSkipped();
    }
}
