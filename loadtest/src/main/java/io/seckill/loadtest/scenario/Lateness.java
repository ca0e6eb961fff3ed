package io.seckill.loadtest.scenario;

import io.seckill.loadtest.RushResult;
import java.time.Duration;

/** How punctual the generator is; not thread-safe. Judged by {@link RushResult.Lateness}, as every generator here is. */
final class Lateness {
    private static final long TOLERATED_MICROS = 100_000;
    private static final double TOLERATED_SHARE = 0.01;

    private int requests;
    private int late;
    private long worstMicros;

    /** One request was sent, so much later than was meant. */
    void add(long lateMicros) {
        requests++;
        worstMicros = Math.max(worstMicros, lateMicros);
        if (lateMicros > TOLERATED_MICROS) {
            late++;
        }
    }

    /** So many were never sent, or nothing is known of them. */
    void never(int missing) {
        requests += missing;
        late += missing;
    }

    RushResult.Lateness judged() {
        return new RushResult.Lateness(late, Duration.ofNanos(worstMicros * 1_000), (int) (requests * TOLERATED_SHARE));
    }
}
