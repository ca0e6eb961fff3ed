package io.seckill.worker;

import java.util.concurrent.ThreadLocalRandom;

/** Delays that double from one failure to the next up to a ceiling, with jitter over their upper half. Not thread-safe. */
final class Backoff {
    private final int firstMs;
    private final int maxMs;
    private int failures;

    Backoff(int firstMs, int maxMs) {
        this.firstMs = firstMs;
        this.maxMs = maxMs;
    }

    /** How long to wait after one more failure, in ms, at least 1. */
    int nextMs() {
        int ceiling = (int) Math.min(maxMs, (long) firstMs << Math.min(failures, 20));
        failures++;
        return Math.max(1, ceiling / 2 + ThreadLocalRandom.current().nextInt(ceiling / 2 + 1));
    }

    void reset() {
        failures = 0;
    }
}
