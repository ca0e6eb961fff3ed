package io.seckill.loadtest.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures of a benchmark as text: each round, then medians with what is asked for. */
final class BenchReport {
    private final List<BenchRound> rounds;
    private final Wrk.Run lone;
    private final double bytesABuyer;

    /**
     * @param rounds without the warm-up
     * @param lone one purchase after the other, on a system that does nothing else
     * @param bytesABuyer of Redis' memory
     */
    BenchReport(List<BenchRound> rounds, Wrk.Run lone, double bytesABuyer) {
        this.rounds = List.copyOf(rounds);
        this.lone = lone;
        this.bytesABuyer = bytesABuyer;
    }

    static final String HEAD =
            "| round | ceiling | sold out | accepted + stored | MySQL behind | accepted | p50 | p99 | … fsync always | naive |"
                    + " redis-benchmark |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

    static String row(String name, BenchRound round) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %,.0f | %.2f s | %,.0f | %.1f ms | %.1f ms | %,.0f | %,.0f | %,.0f |",
                name,
                round.ceiling().perSecond(),
                round.soldOut().perSecond(),
                round.stored().successesPerSecond(),
                round.behind().toMillis() / 1e3,
                round.accepted().successesPerSecond(),
                round.accepted().p50Ms(),
                round.accepted().p99Ms(),
                round.synced().successesPerSecond(),
                round.naive().successesPerSecond(),
                round.redis());
    }

    /** One line of the verdict. */
    private record Line(String what, double reached, String unit, double asked, boolean atLeast) {
        boolean ok() {
            return atLeast ? reached >= asked : reached <= asked;
        }

        String render() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %s %.2f %s | %.2f %s | %s |",
                    what,
                    atLeast ? "≥" : "≤",
                    asked,
                    unit,
                    reached,
                    unit,
                    ok() ? "reached" : "NOT reached");
        }
    }

    private List<Line> lines() {
        return List.of(
                ratio(
                        "sold-out reply",
                        round -> round.soldOut().perSecond() / round.ceiling().perSecond(),
                        0.95),
                ratio(
                        "accepted + confirmed, workers stopped",
                        round -> round.accepted().successesPerSecond()
                                / round.ceiling().perSecond(),
                        0.60),
                new Line(
                        "… its p99 at 256 connections",
                        median(round -> round.accepted().p99Ms()),
                        "ms",
                        15,
                        false),
                ratio(
                        "accepted + confirmed + stored",
                        round -> round.stored().successesPerSecond()
                                / round.ceiling().perSecond(),
                        0.38),
                new Line(
                        "… MySQL behind, worst round",
                        rounds.stream()
                                .mapToDouble(round -> round.behind().toMillis() / 1e3)
                                .max()
                                .orElse(Double.NaN),
                        "s",
                        1,
                        false),
                new Line(
                        "accepted against the naive pipeline",
                        median(round -> round.accepted().successesPerSecond()
                                / round.naive().successesPerSecond()),
                        "×",
                        8,
                        true),
                new Line(
                        "accepted against redis-benchmark FCALL, -P 1",
                        median(round -> round.accepted().successesPerSecond() / round.redis()),
                        "×",
                        1.15,
                        true),
                new Line("a lone purchase, p50", lone.p50Ms(), "ms", 3, false),
                new Line("a lone purchase, p99", lone.p99Ms(), "ms", 10, false),
                new Line("Redis' memory a buyer", bytesABuyer, "B", 150, false));
    }

    private Line ratio(String what, ToDoubleFunction<BenchRound> value, double asked) {
        return new Line(what, median(value), "× ceiling", asked, true);
    }

    private double median(ToDoubleFunction<BenchRound> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    boolean ok() {
        return lines().stream().allMatch(Line::ok);
    }

    /** Medians of the rounds' own ratios, since the machine drifts from round to round. */
    String render() {
        StringBuilder text = new StringBuilder(
                "| median of " + rounds.size() + " rounds | asked for | reached | |\n| --- | --- | --- | --- |\n");
        lines().forEach(line -> text.append(line.render()).append('\n'));
        text.append(String.format(
                Locale.ROOT,
                "%nWith `appendfsync always` Redis accepts %.2f times what it does with `everysec`.%n",
                median(round ->
                        round.synced().successesPerSecond() / round.accepted().successesPerSecond())));
        return text.toString();
    }
}
