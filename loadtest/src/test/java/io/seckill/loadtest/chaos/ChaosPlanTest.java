package io.seckill.loadtest.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {
    private static final List<FaultKind> ALL = List.of(FaultKind.values());

    @Test
    void shouldPlanTheSameFromTheSameAndElseSomethingElse() {
        ChaosPlan plan = ChaosPlan.of(7, 40, ALL, 40);

        assertEquals(plan, ChaosPlan.of(7, 40, ALL, 40));
        assertNotEquals(plan, ChaosPlan.of(8, 40, ALL, 40));
        assertEquals(plan.rounds().subList(0, 20), ChaosPlan.of(7, 20, ALL, 40).rounds(), "more rounds come after");
    }

    @Test
    void shouldDealEveryKindBeforeAnyComesAgain() {
        List<RoundPlan> rounds = ChaosPlan.of(1, 2 * ALL.size(), ALL, 0).rounds();

        assertEquals(EnumSet.allOf(FaultKind.class), kinds(rounds.subList(0, ALL.size())));
        assertEquals(EnumSet.allOf(FaultKind.class), kinds(rounds.subList(ALL.size(), rounds.size())));
    }

    @Test
    void shouldPairFaultsOfDifferentTargetsAsOftenAsAsked() {
        List<RoundPlan> rounds = ChaosPlan.of(2, 1_000, ALL, 40).rounds();
        List<RoundPlan> pairs =
                rounds.stream().filter(round -> round.faults().size() == 2).toList();

        assertTrue(pairs.size() > 320 && pairs.size() < 440, () -> "pairs: " + pairs.size());
        assertTrue(pairs.stream().noneMatch(round -> round.faults()
                .get(0)
                .target()
                .equals(round.faults().get(1).target())));
        assertTrue(ChaosPlan.of(2, 100, ALL, 0).rounds().stream()
                .allMatch(round -> round.faults().size() == 1));
    }

    @Test
    void shouldHitEveryProcessAndEveryLinkWithinTheLimitsOfEachKind() {
        Set<String> hit = new HashSet<>();
        for (RoundPlan round : ChaosPlan.of(3, 2_000, ALL, 40).rounds()) {
            assertTrue(round.stock() >= 50 && round.stock() <= 300 && round.shoppers() > 0, round::toString);
            for (PlannedFault fault : round.faults()) {
                FaultKind kind = fault.kind();
                hit.add(fault.target());
                assertTrue(kind.victim.candidates().contains(fault.target()), fault::toString);
                assertTrue(fault.lengthMs() >= kind.shortestMs && fault.lengthMs() <= kind.longestMs, fault::toString);
                assertEquals(
                        kind == FaultKind.DELAY || kind == FaultKind.CLOCK_SKEW, fault.amount() != 0, fault::toString);
            }
        }
        assertEquals(
                ALL.stream().flatMap(kind -> kind.victim.candidates().stream()).collect(Collectors.toSet()), hit);
    }

    @Test
    void shouldRefuseAPlanOfNothing() {
        assertThrows(IllegalArgumentException.class, () -> ChaosPlan.of(1, 1, List.of(), 0));
        assertThrows(IllegalArgumentException.class, () -> ChaosPlan.of(1, 0, ALL, 0));
    }

    private static Set<FaultKind> kinds(List<RoundPlan> rounds) {
        return rounds.stream().map(round -> round.faults().get(0).kind()).collect(Collectors.toSet());
    }
}
