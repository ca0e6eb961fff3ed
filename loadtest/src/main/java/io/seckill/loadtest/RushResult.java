package io.seckill.loadtest;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a rush measured. Accepted and refused are never added up: a system that refuses fast is not one that sells fast.
 * Shown by {@link DemoReport}.
 *
 * @param buyers the outcomes, by buyer
 * @param requests sent, retries and copies included
 * @param acceptedReplies 202s, of which {@code replayedReplies} repeated an earlier one
 * @param refusals replies of 409, 429 and 503 by code
 * @param errors replies that a healthy system does not give, and requests without a reply, by kind
 * @param acceptedLatency of each 202, from the intended moment of its request
 * @param refusedLatency of each 409, 429 and 503, likewise
 * @param buyerWait from a buyer's arrival to its last answer, pauses before retries included
 * @param pace how fast it went
 * @param lateness how punctual the generator was itself
 * @param history what the buyers were told, for the {@link Auditor}
 */
public record RushResult(
        Buyers buyers,
        long requests,
        long acceptedReplies,
        long replayedReplies,
        Map<String, Long> refusals,
        Map<String, Long> errors,
        Latency acceptedLatency,
        Latency refusedLatency,
        Latency buyerWait,
        Pace pace,
        Lateness lateness,
        ClientHistory history) {

    /**
     * Each buyer once.
     *
     * @param accepted has a 202
     * @param refused was told a definite no
     * @param turnedAway gave up after too many 429s and 503s
     * @param unresolved never learned the outcome
     */
    public record Buyers(int total, int accepted, int refused, int turnedAway, int unresolved) {}

    /**
     * How fast it went.
     *
     * @param firstToLast from the first reply to the last
     * @param acceptedPerSecond buyers with a 202, from the first arrival to the last of these
     * @param answeredPerSecond replies of every kind, from the first arrival to the last reply
     * @param lastAcceptedNanos {@link System#nanoTime()} at the last buyer's first 202; 0 if nobody has one
     */
    public record Pace(
            Duration firstToLast, double acceptedPerSecond, double answeredPerSecond, long lastAcceptedNanos) {}

    /**
     * How punctual the generator was.
     *
     * @param late arrivals that the generator sent later than the plan allows
     * @param worst how late the latest was
     * @param tolerated arrivals that may be late
     */
    public record Lateness(int late, Duration worst, int tolerated) {

        /** Why the latencies of this run say more about the generator than about the system; empty if they do not. */
        public Optional<String> voidReason() {
            if (late <= tolerated) {
                return Optional.empty();
            }
            return Optional.of(String.format(
                    "the generator itself was starved: it sent %,d buyers late, up to %,d ms; %,d would be tolerable",
                    late, worst.toMillis(), tolerated));
        }
    }

    public long refusedReplies() {
        return refusals.values().stream().mapToLong(Long::longValue).sum();
    }

    public long errorReplies() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
