package io.seckill.loadtest.chaos;

import io.seckill.loadtest.ClientHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
     * @param atMs from the beginning of the round
     */
    record Attempt(
            String user,
            String call,
            int gateway,
            Outcome outcome,
            String detail,
            String orderId,
            long atMs,
            long ms) {}

    private final List<Attempt> attempts = new ArrayList<>();

    synchronized void add(Attempt attempt) {
        attempts.add(attempt);
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

    /** A line an attempt, for a person who looks for what went wrong. */
    List<String> lines() {
        return attempts().stream()
                .map(one -> String.format(
                        Locale.ROOT,
                        "%8.3f s %5d ms  %-14s %-6s gateway-%d  %-7s %s %s",
                        one.atMs / 1e3,
                        one.ms,
                        one.user,
                        one.call,
                        one.gateway + 1,
                        one.outcome,
                        one.orderId,
                        one.detail))
                .toList();
    }
}
