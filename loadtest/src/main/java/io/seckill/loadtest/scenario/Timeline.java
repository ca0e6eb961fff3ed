package io.seckill.loadtest.scenario;

import io.seckill.loadtest.Latency;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * What was counted when, in steps of equal length since the start, and the distribution of latencies by outcome. Answers of
 * the warm-up are left out. Not thread-safe.
 */
final class Timeline {
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int STEPS = 80;
    private static final long SHORTEST_MS = 100;
    private static final int MOST_CODES = 40;
    private static final Set<Answer.Outcome> EXPLAINED =
            EnumSet.of(Answer.Outcome.REFUSED, Answer.Outcome.UNKNOWN, Answer.Outcome.ERROR);

    private final long stepMs;
    private final TreeMap<Integer, Step> steps = new TreeMap<>();
    private final Map<Answer.Outcome, Histogram> latencies = new EnumMap<>(Answer.Outcome.class);
    private final Map<Answer.Outcome, Map<String, Long>> details = new EnumMap<>(Answer.Outcome.class);
    private long lastAcceptedMicros;

    /** The counts of one step. */
    private static final class Step {
        private final Map<Answer.Outcome, Integer> counts = new EnumMap<>(Answer.Outcome.class);
        private final Map<Answer.Outcome, Histogram> latencies = new EnumMap<>(Answer.Outcome.class);
    }

    /** @param lengthMs of the scenario, from which the steps' length follows */
    Timeline(long lengthMs) {
        stepMs = Math.max(SHORTEST_MS, (lengthMs / STEPS + SHORTEST_MS - 1) / SHORTEST_MS * SHORTEST_MS);
    }

    void add(Answer answer) {
        Answer.Outcome outcome = answer.outcome();
        long latency = Math.min(LONGEST_MICROS, Math.max(0, answer.latency()));
        Step step = steps.computeIfAbsent(stepOf(answer.answeredAt()), number -> new Step());
        step.counts.merge(outcome, 1, Integer::sum);
        step.latencies
                .computeIfAbsent(outcome, o -> new Histogram(LONGEST_MICROS, 2))
                .recordValue(latency);
        latencies
                .computeIfAbsent(outcome, o -> new Histogram(LONGEST_MICROS, 3))
                .recordValue(latency);
        if (outcome == Answer.Outcome.ACCEPTED) {
            lastAcceptedMicros = Math.max(lastAcceptedMicros, answer.answeredAt());
        }
        if (EXPLAINED.contains(outcome)) {
            Map<String, Long> counts = details.computeIfAbsent(outcome, o -> new TreeMap<>());
            // The words come from outside: a system that invents ever new ones must not fill the memory.
            counts.merge(
                    counts.size() < MOST_CODES || counts.containsKey(answer.detail()) ? answer.detail() : "other",
                    1L,
                    Long::sum);
        }
    }

    private int stepOf(long micros) {
        return (int) Math.max(0, micros / 1_000 / stepMs);
    }

    long stepMs() {
        return stepMs;
    }

    /** How many steps there are until the last answer. */
    int length() {
        return steps.isEmpty() ? 0 : steps.lastKey() + 1;
    }

    /** How many answers came by step. */
    List<Integer> counts(Answer.Outcome outcome) {
        return IntStream.range(0, length())
                .mapToObj(number ->
                        steps.containsKey(number) ? steps.get(number).counts.getOrDefault(outcome, 0) : 0)
                .toList();
    }

    /** Milliseconds by step; null where nothing was answered so. */
    List<Double> percentile(Answer.Outcome outcome, double percentile) {
        List<Double> values = new ArrayList<>();
        for (int number = 0; number < length(); number++) {
            Step step = steps.get(number);
            Histogram histogram = step == null ? null : step.latencies.get(outcome);
            values.add(histogram == null ? null : histogram.getValueAtPercentile(percentile) / 1_000.0);
        }
        return values;
    }

    /** Answers of every kind. */
    long answered() {
        return latencies.values().stream().mapToLong(Histogram::getTotalCount).sum();
    }

    long count(Answer.Outcome outcome) {
        Histogram histogram = latencies.get(outcome);
        return histogram == null ? 0 : histogram.getTotalCount();
    }

    Latency latency(Answer.Outcome outcome) {
        return Latency.of(latencies.getOrDefault(outcome, new Histogram(LONGEST_MICROS, 3)));
    }

    /** Of the answers in the step before the newest one; for a live display. */
    double recentP99() {
        Map.Entry<Integer, Step> last = steps.lastEntry();
        Map.Entry<Integer, Step> before = last == null ? null : steps.lowerEntry(last.getKey());
        if (before == null) {
            return 0;
        }
        Histogram all = new Histogram(LONGEST_MICROS, 2);
        before.getValue().latencies.values().forEach(all::add);
        return all.getValueAtPercentile(99) / 1_000.0;
    }

    /** How often each code was given. */
    Map<String, Long> details(Answer.Outcome outcome) {
        return details.getOrDefault(outcome, Map.of());
    }

    /** Since the start, when the last 202 came; 0 if none did. */
    long lastAcceptedMicros() {
        return lastAcceptedMicros;
    }
}
