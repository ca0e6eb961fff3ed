package io.seckill.gateway.purchase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionLimitTest {
    private static final int MOST = 4_096;
    private static final int TARGET_MS = 1_000;
    private static final int DEADLINE_MS = 2_000;
    private static final int BATCH = 256;

    private long nowMs;
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private final AdmissionLimit admission = new AdmissionLimit(MOST, TARGET_MS, 0);
    private int inTime;
    private int missed;

    @ParameterizedTest
    @CsvSource({"300, 853", "100, 2560", "20, 12800"})
    void shouldLetInWhatASlowServerCanAnswer(int callMs, int capacityPerSecond) {
        run(5_000, 40_000, callMs);
        inTime = 0;
        missed = 0;

        run(20_000, 40_000, callMs);

        assertTrue(inTime > 0.85 * 20 * capacityPerSecond, () -> inTime + " in time");
        assertTrue(missed < 0.01 * inTime, () -> missed + " missed of " + inTime);
    }

    @Test
    void shouldComeBackWhenTheServerIsFastAgain() {
        run(10_000, 40_000, 900);
        int slow = admission.limit();
        assertTrue(slow < 1_024, () -> "limit " + slow);

        run(15_000, 100_000, 10);

        assertEquals(MOST, admission.limit());
    }

    @Test
    void shouldNotCutAnybodyOffForRefusalsOfOthers() {
        run(10_000, 500, 10);

        assertEquals(0, missed);
        assertEquals(4_096, admission.limit());
    }

    @Test
    void shouldKeepATryingPlaceHoweverLateAllAnswersAre() {
        for (nowMs = 0; nowMs < 60_000; nowMs += 100) {
            admission.answered(nanos(DEADLINE_MS), nanos(nowMs));
        }

        assertEquals(32, admission.limit());
    }

    /** An open load on a server that takes batches one after the other; whoever waits past the deadline leaves. */
    private void run(int durationMs, int arrivalsPerSecond, int callMs) {
        long end = nowMs + durationMs;
        for (; nowMs < end; nowMs++) {
            for (int i = 0; i < arrivalsPerSecond / 1_000 + (nowMs % 1_000 < arrivalsPerSecond % 1_000 ? 1 : 0); i++) {
                if (admission.hasRoom(waiting.size(), nanos(nowMs))) {
                    waiting.add(nowMs);
                }
            }
            while (!waiting.isEmpty() && nowMs - waiting.peek() >= DEADLINE_MS) {
                missed++;
                answered(waiting.poll());
            }
            if (nowMs % callMs == 0) {
                for (int i = 0; i < BATCH && !waiting.isEmpty(); i++) {
                    inTime++;
                    answered(waiting.poll());
                }
            }
        }
    }

    private void answered(long since) {
        admission.answered(nanos(nowMs - since), nanos(nowMs));
    }

    private static long nanos(long ms) {
        return ms * 1_000_000;
    }
}
