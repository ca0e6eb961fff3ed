package io.seckill.loadtest.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.Books;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final long IN_TIME = 500;
    private static final long LATE = 150_000;

    private static Verdict of(ScenarioResult result) {
        return Verdict.of(List.of(result));
    }

    @Test
    void shouldExitWithZeroIfEveryPromiseWasKept() {
        Verdict verdict = of(new ResultFixture().lateBy(IN_TIME).with(Books.balanced("s1")));

        assertEquals(Verdict.Kind.KEPT, verdict.kind(), verdict.text());
        assertEquals(0, verdict.kind().exitCode());
    }

    @Test
    void shouldExitWithOneIfMysqlLacksWhatWasPromised() {
        Verdict verdict = of(new ResultFixture().lateBy(IN_TIME).with(Books.balanced("s1"), Books.doctored("s2")));

        assertEquals(1, verdict.kind().exitCode());
        assertTrue(
                verdict.text().contains("s2: promises kept 0: 1 of 1 are not in MySQL, e.g. ann/o1"), verdict.text());
        assertTrue(verdict.text().contains("orders unasked for 1"), verdict.text());
    }

    @Test
    void shouldExitWithOneIfSomethingIsNotStoredInTime() {
        Verdict verdict = of(new ResultFixture().lateBy(IN_TIME).stored(9, Books.balanced("s1")));

        assertEquals(1, verdict.kind().exitCode());
        assertTrue(verdict.text().contains("only 9"), verdict.text());
    }

    @Test
    void shouldExitWithOneForAnswersThatAHealthySystemDoesNotGive() {
        Answer broken = new Answer(Answer.Request.BUY, 0, 0, 0, 9, 500, false, "");

        assertEquals(
                1,
                of(new ResultFixture().lateBy(IN_TIME).answered(broken).with(Books.balanced("s1")))
                        .kind()
                        .exitCode());
    }

    @Test
    void shouldExitWithThreeIfTheGeneratorWasStarved() {
        Verdict verdict = of(new ResultFixture().lateBy(LATE).with(Books.balanced("s1")));

        assertEquals(3, verdict.kind().exitCode());
        assertTrue(verdict.text().startsWith("VOID"), verdict.text());
    }

    @Test
    void shouldRatherTellOfABrokenPromiseThanOfAStarvedGenerator() {
        assertEquals(
                1,
                of(new ResultFixture().lateBy(LATE).with(Books.doctored("s1")))
                        .kind()
                        .exitCode());
    }

    @Test
    void shouldTolerateOneRequestInAHundred() {
        Lateness lateness = new Lateness();
        for (int i = 0; i < 198; i++) {
            lateness.add(IN_TIME);
        }
        lateness.add(LATE);
        lateness.add(LATE);
        assertTrue(lateness.judged().voidReason().isEmpty());

        lateness.add(LATE);
        assertTrue(lateness.judged().voidReason().isPresent());
    }

    @Test
    void shouldCallVisitorsWhoNeverCameLate() {
        // Nobody was answered at all.
        assertEquals(
                3,
                of(new ResultFixture().stored(10, Books.balanced("s1"))).kind().exitCode());
    }
}
