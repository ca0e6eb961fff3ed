package io.seckill.loadtest.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosReportTest {
    private static final RoundPlan PLAN =
            ChaosPlan.of(1, 1, List.of(FaultKind.KILL_REDIS), 0).rounds().get(0);
    private static final RoundReport GOOD = new RoundReport(
            PLAN,
            "sale",
            12,
            3,
            1,
            Duration.ofMillis(4_200),
            Duration.ofSeconds(7),
            Duration.ofSeconds(9),
            List.of(),
            null);

    @Test
    void shouldBeGoodOnlyIfEveryPlannedRoundWasAndOneAtLeastRan() {
        assertTrue(new ChaosReport(2, List.of(GOOD, GOOD)).ok());
        assertTrue(new ChaosReport(2, List.of(GOOD, RoundReport.skipped(PLAN, "no clock"))).ok());
        assertFalse(new ChaosReport(2, List.of(GOOD)).ok(), "it broke off");
        assertFalse(new ChaosReport(2, List.of(GOOD, GOOD.with("lost"))).ok());
        assertFalse(new ChaosReport(1, List.of(RoundReport.skipped(PLAN, "no clock"))).ok(), "skipped is not passed");
    }

    @Test
    void shouldShowEveryRoundAndCountTheSkippedOnesApart() {
        List<String> lines = new ChaosReport(
                        4, List.of(GOOD, GOOD.with("lost"), RoundReport.skipped(PLAN, "clock-skew: no clock")))
                .render()
                .lines()
                .toList();

        assertTrue(
                lines.get(1).matches(" +1 +sale +12 +3 +1 +4.2 s +7.0 s +9.0 s +ok +kill-redis redis at .*"),
                lines.get(1));
        assertTrue(lines.get(2).contains("BROKEN"), lines.get(2));
        assertTrue(lines.get(3).endsWith("SKIPPED  clock-skew: no clock"), lines.get(3));
        assertEquals(
                "3 rounds of 4: 1 kept every promise, 1 did not, 1 were skipped; slowest recovery 4.2 s", lines.get(4));
    }
}
