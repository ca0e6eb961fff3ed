package io.seckill.loadtest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a demo shows at its end, and whether it kept its word. A pure function of what was measured.
 *
 * @param stored orders in MySQL when the demo stopped waiting
 * @param lag from the last buyer's 202 to the moment at which all orders were seen in MySQL
 */
record DemoReport(Demo.Options options, Duration ramp, RushResult rush, long stored, Duration lag, AuditReport audit) {

    /** What went wrong, in words; empty if nothing did. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (AuditReport.Line line : audit.failures()) {
            problems.add(line.name() + " " + line.value() + ": " + line.explanation());
        }
        long expected = Math.min(options.units(), options.buyers());
        if (audit.sold() != expected) {
            problems.add("sold " + number(audit.sold()) + ", expected " + number(expected));
        }
        if (stored < rush.buyers().accepted()) {
            problems.add("accepted " + number(rush.buyers().accepted()) + " but only " + number(stored)
                    + " orders reached MySQL in time");
        }
        if (rush.buyers().unresolved() > 0) {
            problems.add(number(rush.buyers().unresolved()) + " buyers never learned their outcome");
        }
        if (rush.errorReplies() > 0) {
            problems.add("unexpected: " + counts(rush.errors()));
        }
        return problems;
    }

    boolean ok() {
        return problems().isEmpty();
    }

    String render() {
        TextTable table = new TextTable();
        outcome(table);
        speed(table);
        table.row("").row("  Audit: stock = remaining + inFlight + pendingPayment + paid + restocking + deadLettered");
        for (AuditReport.Line line : audit.lines()) {
            table.row(line.ok() ? "✓" : "✗", line.name(), line.value(), line.explanation());
        }
        return table.render() + System.lineSeparator() + System.lineSeparator() + verdict();
    }

    private void outcome(TextTable table) {
        RushResult.Buyers buyers = rush.buyers();
        table.row("").row("  Rush");
        row(table, "units", options.units(), "for sale");
        row(table, "buyers", buyers.total(), "arriving over " + seconds(ramp) + ", whatever the system answers");
        row(table, "requests", rush.requests(), "retries included");
        row(
                table,
                "accepted",
                buyers.accepted(),
                number(rush.acceptedReplies()) + " replies of 202, " + number(rush.replayedReplies()) + " repeated");
        row(table, "refused", buyers.refused(), rush.refusals().isEmpty() ? "" : "replies: " + counts(rush.refusals()));
        row(table, "gave up", buyers.turnedAway(), "after being asked to come back too often");
        row(table, "unknown", buyers.unresolved(), "never learned their outcome");
        row(table, "errors", rush.errorReplies(), counts(rush.errors()));
        row(
                table,
                "in MySQL",
                stored,
                stored < buyers.accepted()
                        ? "NOT all that were accepted"
                        : "the last one at most " + lag.toMillis() + " ms after the last 202");
    }

    private void speed(TextTable table) {
        RushResult.Pace pace = rush.pace();
        table.row("").row("  Speed");
        row(table, "accepted/s", Math.round(pace.acceptedPerSecond()), "until the last buyer's 202");
        row(
                table,
                "answered/s",
                Math.round(pace.answeredPerSecond()),
                "replies of any kind, in " + seconds(pace.firstToLast()));
        latency(table, "accepted", rush.acceptedLatency(), "from the intended start of each request");
        latency(table, "refused", rush.refusedLatency(), "likewise");
        latency(table, "buyer's wait", rush.buyerWait(), "from arrival to last answer, retries included");
        rush.lateness().voidReason().ifPresent(reason -> table.row("  ! these latencies are void: " + reason));
    }

    private static void latency(TextTable table, String name, Latency latency, String note) {
        if (latency.count() == 0) {
            table.row("", name, "-", "none");
            return;
        }
        table.row(
                "",
                name,
                millis(latency.p50()),
                String.format(
                        "p50; p90 %s, p99 %s, max %s; %s",
                        millis(latency.p90()), millis(latency.p99()), millis(latency.max()), note));
    }

    /** One line: the sentence that the whole system exists for, or what it failed at. */
    String verdict() {
        if (ok()) {
            return "BALANCED: sold exactly " + number(audit.sold()) + " of " + number(options.units())
                    + "; nothing lost, nothing oversold.";
        }
        return "FAILED: " + String.join("; ", problems());
    }

    private static void row(TextTable table, String name, long value, String note) {
        table.row("", name, number(value), note);
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + number(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f ms" : "%,.0f ms", value);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
