package io.seckill.loadtest.chaos;

import io.seckill.loadtest.ClientHistory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every attempt of every shopper of one sale, and what became of it. Bounded by the shoppers and their patience. */
final class History {

    /** What a client knows after an attempt. */
    enum Outcome {
        OK,
        /** Nothing came of it, and nothing will. */
        REFUSED,
        /** Something may have come of it, or may yet. */
        UNKNOWN
    }

    /**
     * One call.
     *
     * @param call buy, pay, cancel
     * @param detail the order's id if one is known, else what was said
     * @param at when it began, by this machine's clock, as the logs have it
     */
    record Attempt(
            String user,
            String call,
            int gateway,
            Outcome outcome,
            String detail,
            String orderId,
            Instant at,
            long ms) {}

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private final List<Attempt> attempts = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    synchronized void add(Attempt attempt) {
        attempts.add(attempt);
    }

    /** Something that the shoppers did not do, a fault for instance. */
    synchronized void note(String event) {
        events.add(clock(Instant.now()) + "           " + event);
    }

    synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    long count(String call, Outcome outcome) {
        return attempts().stream()
                .filter(attempt -> attempt.call.equals(call) && attempt.outcome == outcome)
                .count();
    }

    /** The order ids that 202s named. */
    Set<String> promised() {
        return ids("buy", Outcome.OK);
    }

    /** The ids of orders of which a call was answered so. */
    Set<String> ids(String call, Outcome outcome) {
        return attempts().stream()
                .filter(attempt -> attempt.call.equals(call) && attempt.outcome == outcome)
                .map(Attempt::orderId)
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Purchases without a definite answer, by user. */
    Map<String, List<Attempt>> unknown() {
        return attempts().stream()
                .filter(attempt -> attempt.call.equals("buy") && attempt.outcome == Outcome.UNKNOWN)
                .collect(Collectors.groupingBy(Attempt::user));
    }

    /** As the shared auditor takes it. */
    ClientHistory toClientHistory() {
        Map<String, Set<String>> accepted = new HashMap<>();
        Set<String> others = new HashSet<>();
        Set<String> inDoubt = unknown().keySet();
        for (Attempt attempt : attempts()) {
            if (attempt.call.equals("buy") && attempt.outcome == Outcome.OK) {
                accepted.computeIfAbsent(attempt.user, user -> new LinkedHashSet<>())
                        .add(attempt.orderId);
            }
            others.add(attempt.user);
        }
        others.removeAll(accepted.keySet());
        others.removeAll(inDoubt);
        return new ClientHistory(accepted, others, inDoubt);
    }

    /** A line an attempt and a line an event, for a person who looks for what went wrong. */
    synchronized List<String> lines() {
        Stream<String> all = Stream.concat(events.stream(), attempts.stream().map(History::line));
        return all.sorted().toList();
    }

    private static String line(Attempt one) {
        return String.format(
                Locale.ROOT,
                "%s %5d ms  %-14s %-6s gateway-%d  %-7s %s %s",
                clock(one.at),
                one.ms,
                one.user,
                one.call,
                one.gateway + 1,
                one.outcome,
                one.orderId,
                one.detail);
    }

    private static String clock(Instant at) {
        return CLOCK.format(at.atOffset(ZoneOffset.UTC));
    }
}
