package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoReportTest {

    private static final Latency FAST = new Latency(1_000, 3.25, 9.5, 20, 25, 1_234);
    private static final AuditReport GOOD =
            new AuditReport("s1", 1_000, List.of(new AuditReport.Line("= stock", "1,000", true, "fine")));

    private static RushResult rush(RushResult.Buyers buyers, Map<String, Long> errors, int late) {
        return new RushResult(
                buyers,
                20_500,
                buyers.accepted(),
                0,
                Map.of("sold_out", 19_000L, "overloaded", 500L),
                errors,
                FAST,
                new Latency(0, 0, 0, 0, 0, 0),
                FAST,
                new RushResult.Pace(Duration.ofMillis(4_100), 950.4, 4_990.6, 1),
                new RushResult.Lateness(late, Duration.ofMillis(250), 200),
                new ClientHistory(Map.of(), Set.of(), Set.of()));
    }

    private static RushResult good() {
        return rush(new RushResult.Buyers(20_000, 1_000, 19_000, 0, 0), Map.of(), 0);
    }

    private static DemoReport report(RushResult rush, long stored, AuditReport audit) {
        return new DemoReport(
                Demo.Options.defaults(), Duration.ofSeconds(4), rush, stored, Duration.ofMillis(120), audit);
    }

    @Test
    void shouldEndWithTheSentenceThatCounts() {
        DemoReport report = report(good(), 1_000, GOOD);

        assertTrue(report.ok());
        assertEquals("BALANCED: sold exactly 1,000 of 1,000; nothing lost, nothing oversold.", report.verdict());
        assertTrue(report.render().endsWith(report.verdict()));
    }

    @Test
    void shouldExpectNoMoreSoldThanThereAreBuyers() {
        AuditReport few = new AuditReport("s1", 7, List.of());
        RushResult rush = rush(new RushResult.Buyers(7, 7, 0, 0, 0), Map.of(), 0);
        DemoReport report = new DemoReport(new Demo.Options(10, 7), Duration.ofSeconds(1), rush, 7, Duration.ZERO, few);

        assertEquals("BALANCED: sold exactly 7 of 10; nothing lost, nothing oversold.", report.verdict());
    }

    @Test
    void shouldFailIfTooFewWereSold() {
        DemoReport report = report(good(), 1_000, new AuditReport("s1", 999, List.of()));

        assertFalse(report.ok());
        assertEquals("FAILED: sold 999, expected 1,000", report.verdict());
    }

    @Test
    void shouldFailWithTheAudit() {
        AuditReport bad = new AuditReport("s1", 1_000, List.of(new AuditReport.Line("lost", "3", false, "gone")));

        assertEquals("FAILED: lost 3: gone", report(good(), 1_000, bad).verdict());
        assertTrue(report(good(), 1_000, bad).render().contains("✗  lost"));
    }

    @Test
    void shouldFailIfOrdersDidNotReachMySqlInTime() {
        assertFalse(report(good(), 998, GOOD).ok());
    }

    @Test
    void shouldFailOnUnknownOutcomesAndOnErrors() {
        RushResult unknown = rush(new RushResult.Buyers(20_000, 1_000, 18_999, 0, 1), Map.of(), 0);
        RushResult errors = rush(new RushResult.Buyers(20_000, 1_000, 19_000, 0, 0), Map.of("status 500", 2L), 0);

        assertEquals(
                "FAILED: 1 buyers never learned their outcome",
                report(unknown, 1_000, GOOD).verdict());
        assertEquals(
                "FAILED: unexpected: status 500 2", report(errors, 1_000, GOOD).verdict());
    }

    @Test
    void shouldSayThatAStarvedRunsLatenciesAreVoid() {
        RushResult late = rush(new RushResult.Buyers(20_000, 1_000, 19_000, 0, 0), Map.of(), 201);
        DemoReport report = report(late, 1_000, GOOD);

        assertTrue(report.ok(), "the books are right however late the generator was");
        assertTrue(report.render().contains("latencies are void"), report::render);
        assertFalse(report(good(), 1_000, GOOD).render().contains("void"));
    }

    @Test
    void shouldLineUpFigures() {
        String[] lines = report(good(), 1_000, GOOD).render().split(System.lineSeparator());
        int[] ends = java.util.Arrays.stream(lines)
                .filter(line -> line.contains(" units ") || line.contains(" buyers  "))
                .mapToInt(line -> line.indexOf(",000") + 4)
                .toArray();

        assertEquals(2, ends.length);
        assertEquals(ends[0], ends[1]);
    }

    @Test
    void shouldPrintALineAtATimeWithoutATerminal() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DemoDisplay display =
                new DemoDisplay(new Terminal(new PrintStream(bytes, true, StandardCharsets.UTF_8), false), 1_000);
        display.progress(new Progress(2_000, 10_000, 9_000, 10_000, 9_000, 500, 8_500, 0));
        display.remaining(500);
        display.stored(480);

        display.draw();
        display.end();

        String text = bytes.toString(StandardCharsets.UTF_8);
        assertFalse(text.contains("\r2") || text.contains("\r "), text);
        assertTrue(text.contains("[##########..........] 500 left"), text);
        assertTrue(text.contains("accepted 500 | refused 8,500 | in MySQL 480 | 4,500 replies/s"), text);
        assertEquals(2, text.lines().count());
    }

    @Test
    void shouldRedrawOneLineOnATerminal() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DemoDisplay display =
                new DemoDisplay(new Terminal(new PrintStream(bytes, true, StandardCharsets.UTF_8), true), 3);
        display.draw();
        display.draw();

        assertFalse(bytes.toString(StandardCharsets.UTF_8).contains("\n"));
        assertTrue(bytes.toString(StandardCharsets.UTF_8).startsWith("\r"));
    }
}
