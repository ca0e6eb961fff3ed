package io.seckill.loadtest.scenario;

import io.seckill.loadtest.Latency;
import java.util.Locale;

/** A scenario's result in a line for the terminal. */
final class Summary {
    private Summary() {}

    static String line(ScenarioResult result) {
        Timeline timeline = result.timeline();
        Latency accepted = timeline.latency(Answer.Outcome.ACCEPTED);
        Latency refused = timeline.latency(Answer.Outcome.REFUSED);
        StringBuilder line = new StringBuilder();
        line.append(String.format(
                Locale.ROOT,
                "  accepted %,d (p99 %.0f ms) | refused %,d %s (p99 %.0f ms) | unknown %,d | errors %,d | stored %,d, %,d ms after the"
                        + " last 202 | audits %s",
                result.accepted(),
                accepted.p99(),
                timeline.count(Answer.Outcome.REFUSED),
                timeline.details(Answer.Outcome.REFUSED),
                refused.p99(),
                result.unknown(),
                timeline.count(Answer.Outcome.ERROR),
                result.stored(),
                result.lagMillis(),
                result.audits().stream().allMatch(audit -> audit.balanced()) ? "balance" : "DO NOT BALANCE"));
        result.ceiling()
                .ifPresent(run -> line.append(String.format(Locale.ROOT, "%n  wrk: %,.0f answers/s", run.perSecond())));
        result.voidReason().ifPresent(reason -> line.append(String.format("%n  VOID: %s", reason)));
        return line.toString();
    }
}
