package io.seckill.loadtest.bench;

import java.util.List;
import java.util.Locale;

/**
 * Whether a heap is flat: the mean of the last third of its samples is no more than a tenth, or two megabytes, above the mean
 * of the middle third. The first third is not asked: caches and pools fill, and the compiler is at work.
 *
 * @param liveBytes after each storm, in their order
 */
record HeapTrend(List<Long> liveBytes) {
    private static final int LEAST = 6;
    private static final double MORE = 0.1;
    private static final double ALLOWANCE = 2e6;

    HeapTrend {
        liveBytes = List.copyOf(liveBytes);
    }

    /** False also while there are too few samples to tell. */
    boolean isFlat() {
        return liveBytes.size() >= LEAST && late() - middle() <= Math.max(MORE * middle(), ALLOWANCE);
    }

    String render() {
        if (liveBytes.size() < LEAST) {
            return "too few storms to tell: " + liveBytes.size() + " of at least " + LEAST;
        }
        return String.format(
                Locale.ROOT,
                "live heap: %.1f MB in the middle third, %.1f MB in the last: %s",
                middle() / 1e6,
                late() / 1e6,
                isFlat() ? "flat" : "it GROWS");
    }

    private double middle() {
        int third = liveBytes.size() / 3;
        return mean(third, liveBytes.size() - third);
    }

    private double late() {
        return mean(liveBytes.size() - liveBytes.size() / 3, liveBytes.size());
    }

    private double mean(int from, int to) {
        return liveBytes.subList(from, to).stream()
                .mapToLong(bytes -> bytes)
                .average()
                .orElseThrow();
    }
}
