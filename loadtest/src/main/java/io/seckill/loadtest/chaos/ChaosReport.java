package io.seckill.loadtest.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The rounds of a run, as a table.
 *
 * @param planned how many there should have been
 */
public record ChaosReport(int planned, List<RoundReport> rounds) {
    private static final String HEAD = "%5s  %-12s  %8s  %7s  %7s  %9s  %7s  %6s  %-7s  %s"
            .formatted(
                    "round",
                    "sale",
                    "accepted",
                    "refused",
                    "unknown",
                    "recovered",
                    "at rest",
                    "took",
                    "verdict",
                    "faults");

    public ChaosReport {
        rounds = List.copyOf(rounds);
    }

    /** Whether every promise held in every round: all were run, or skipped with a reason, and not all of them skipped. */
    public boolean ok() {
        return rounds.size() == planned && broken() == 0 && kept() > 0;
    }

    public long kept() {
        return rounds.stream().filter(RoundReport::ok).count();
    }

    public long broken() {
        return rounds.stream()
                .filter(round -> !round.ok() && !round.isSkipped())
                .count();
    }

    public long skipped() {
        return rounds.stream().filter(RoundReport::isSkipped).count();
    }

    static String line(RoundReport round) {
        return String.format(
                Locale.ROOT,
                "%5d  %-12s  %8d  %7d  %7d  %9s  %7s  %6s  %-7s  %s",
                round.plan().number(),
                round.saleId(),
                round.accepted(),
                round.refused(),
                round.unknown(),
                seconds(round.recovered()),
                seconds(round.rest()),
                seconds(round.took()),
                round.isSkipped() ? "SKIPPED" : round.ok() ? "ok" : "BROKEN",
                round.isSkipped()
                        ? round.skipped()
                        : round.plan().faults().stream()
                                .map(PlannedFault::toString)
                                .collect(Collectors.joining(" + ")));
    }

    private static String seconds(Duration time) {
        return time == null ? "-" : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

    /** The table and a last line that sums it up. */
    public String render() {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        rounds.forEach(round -> text.append(line(round)).append('\n'));
        Duration slowest = rounds.stream()
                .map(RoundReport::recovered)
                .filter(time -> time != null)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return text.append("%d rounds of %d: %d kept every promise, %d did not, %d were skipped; slowest recovery %s"
                        .formatted(rounds.size(), planned, kept(), broken(), skipped(), seconds(slowest)))
                .toString();
    }
}
