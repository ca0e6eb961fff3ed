package io.seckill.loadtest;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The running counts of a rush. Confined to its event loop; becomes a {@link RushResult}. */
final class Tally {

    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int MOST_CODES = 40;

    private final long startNanos;
    private final long lateThresholdNanos;
    private final Histogram accepted = new Histogram(LONGEST_MICROS, 3);
    private final Histogram refused = new Histogram(LONGEST_MICROS, 3);
    private final Histogram waits = new Histogram(LONGEST_MICROS, 3);
    private final Map<String, long[]> refusals = new LinkedHashMap<>();
    private final Map<String, long[]> errors = new LinkedHashMap<>();
    private long requests;
    private long answered;
    private long replayed;
    private long refusedReplies;
    private long errorReplies;
    private int arrived;
    private int settled;
    private int acceptedBuyers;
    private int late;
    private long worstLateNanos;
    private long firstReplyNanos;
    private long lastReplyNanos;
    private long lastAcceptedNanos;

    Tally(long startNanos, Duration lateThreshold) {
        this.startNanos = startNanos;
        this.lateThresholdNanos = lateThreshold.toNanos();
    }

    void arrived(long lateNanos) {
        arrived++;
        worstLateNanos = Math.max(worstLateNanos, lateNanos);
        if (lateNanos > lateThresholdNanos) {
            late++;
        }
    }

    void sent() {
        requests++;
    }

    void accepted(long now, long intended, boolean replay, boolean firstOfBuyer) {
        replied(now);
        record(accepted, now - intended);
        if (replay) {
            replayed++;
        }
        if (firstOfBuyer) {
            acceptedBuyers++;
            lastAcceptedNanos = now;
        }
    }

    void refused(long now, long intended, String code) {
        replied(now);
        record(refused, now - intended);
        refusedReplies++;
        count(refusals, code);
    }

    /** @param answer whether there was a reply at all */
    void error(long now, String kind, boolean answer) {
        if (answer) {
            replied(now);
        }
        errorReplies++;
        count(errors, kind);
    }

    void settled(long now, long arrivedAt) {
        settled++;
        record(waits, now - arrivedAt);
    }

    private void replied(long now) {
        if (answered++ == 0) {
            firstReplyNanos = now;
        }
        lastReplyNanos = now;
    }

    private static void record(Histogram histogram, long nanos) {
        // A retry's intended moment comes from a timer of whole milliseconds, which may fire a little early.
        long micros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos));
        histogram.recordValue(Math.min(micros, LONGEST_MICROS));
    }

    private static void count(Map<String, long[]> counts, String key) {
        long[] known = counts.get(key);
        if (known == null) {
            // The words come from outside: a system that invents ever new ones must not fill the memory.
            String word = counts.size() < MOST_CODES ? key : "other";
            known = counts.computeIfAbsent(word, k -> new long[1]);
        }
        known[0]++;
    }

    Progress progress(long now) {
        return new Progress(
                TimeUnit.NANOSECONDS.toMillis(now - startNanos),
                arrived,
                settled,
                requests,
                answered,
                acceptedBuyers,
                refusedReplies,
                errorReplies);
    }

    RushResult result(RushResult.Buyers buyers, int tolerated, ClientHistory history) {
        return new RushResult(
                buyers,
                requests,
                accepted.getTotalCount(),
                replayed,
                sums(refusals),
                sums(errors),
                Latency.of(accepted),
                Latency.of(refused),
                Latency.of(waits),
                new RushResult.Pace(
                        Duration.ofNanos(lastReplyNanos - firstReplyNanos),
                        perSecond(acceptedBuyers, lastAcceptedNanos),
                        perSecond(answered, lastReplyNanos),
                        lastAcceptedNanos),
                new RushResult.Lateness(late, Duration.ofNanos(worstLateNanos), tolerated),
                history);
    }

    private double perSecond(long count, long until) {
        return count == 0 ? 0 : count * 1e9 / Math.max(1, until - startNanos);
    }

    private static Map<String, Long> sums(Map<String, long[]> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((key, sum) -> sums.put(key, sum[0]));
        return Collections.unmodifiableMap(sums);
    }
}
