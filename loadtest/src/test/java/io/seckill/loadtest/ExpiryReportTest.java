package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryReportTest {

    private static final Instant PAY_BY = Instant.parse("2026-01-31T20:00:05Z");

    private final ExpiryLag lag = new ExpiryLag();

    private ExpiryReport report(int accepted) {
        return report(accepted, Duration.ofMillis(312));
    }

    private ExpiryReport report(int accepted, Duration buyable) {
        return new ExpiryReport(
                new ExpiryMeasurement.Options(1_000, 5), accepted, Duration.ofMillis(2_100), lag, 7, buyable);
    }

    @Test
    void shouldShowTheFiguresOfAGoodRun() {
        lag.add(true, 40_000, 900, PAY_BY);
        lag.add(true, 250_000, 100, PAY_BY.minusSeconds(1));

        ExpiryReport report = report(1_000);

        assertTrue(report.ok());
        assertEquals(PAY_BY, lag.lastPayBy());
        for (String shown : List.of("1,000", "40 ms", "250 ms", "7", "312 ms", "2.1 s", "within 5 s", "OK")) {
            assertTrue(report.render().contains(shown), report::render);
        }
    }

    @Test
    void shouldFailIfOneInAHundredIsLate() {
        lag.add(true, 40_000, 980, PAY_BY);
        lag.add(true, 1_500_000, 20, PAY_BY);

        assertEquals(List.of("p99 is above 1000 ms"), report(1_000).problems());
    }

    @Test
    void shouldFailIfAnOrderDidNotExpire() {
        lag.add(true, 40_000, 999, PAY_BY);
        lag.add(false, 0, 1, PAY_BY);

        assertEquals(List.of("999 orders expired, 1 did not"), report(1_000).problems());
    }

    @Test
    void shouldFailIfAnOrderIsNotThere() {
        lag.add(true, 40_000, 999, PAY_BY);

        assertEquals(List.of("999 orders expired, 0 did not"), report(1_000).problems());
    }

    @Test
    void shouldFailIfAnOrderExpiredTooEarly() {
        lag.add(true, 40_000, 999, PAY_BY);
        lag.add(true, -1, 1, PAY_BY);

        assertEquals(List.of("1 orders expired too early"), report(1_000).problems());
    }

    @Test
    void shouldFailIfNotAllCouldBuyOrUnitsStayedAway() {
        lag.add(true, 40_000, 998, PAY_BY);

        ExpiryReport report = report(998, null);

        assertEquals(List.of("only 998 orders were accepted", "not every unit came back"), report.problems());
        assertTrue(report.render().contains("never"));
        assertFalse(report.render().contains("OK"));
    }
}
