package io.seckill.loadtest.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QuietMachineTest {
    private static final String BEFORE = "cpu  1000 0 500 8000 100 0 20 0 0 0";

    @Test
    void shouldTellTheShareInWhichProcessorsWereBusy() {
        // 60 of 200 ticks: 40 user, 15 system, 5 interrupts; 130 idle, 10 waiting for a disk.
        assertEquals(0.3, QuietMachine.busy(BEFORE, "cpu  1040 0 515 8130 110 0 25 0 0 0"), 1e-9);
    }

    @Test
    void shouldCountTimeThatTheHostTookAsBusy() {
        assertEquals(0.5, QuietMachine.busy(BEFORE, "cpu  1000 0 500 8100 100 0 20 100 0 0"), 1e-9);
    }

    @Test
    void shouldNotCountGuestsTwice() {
        // The kernel has them in user time already.
        assertEquals(0.5, QuietMachine.busy(BEFORE, "cpu  1100 0 500 8100 100 0 20 0 100 0"), 1e-9);
    }

    @Test
    void shouldWaitUntilTheMachineComesToRest() throws Exception {
        Iterator<String> readings =
                List.of(BEFORE, after(60, 40), after(120, 80), after(121, 179)).iterator();
        assertTrue(new QuietMachine(readings::next).await(Duration.ofMinutes(1)));
        assertFalse(readings.hasNext());
    }

    @Test
    void shouldSayWhenItDoesNotComeToRest() throws Exception {
        AtomicInteger ticks = new AtomicInteger();
        assertFalse(new QuietMachine(() -> after(ticks.addAndGet(50), 0)).await(Duration.ZERO));
    }

    @Test
    void shouldNotWaitWhereTheKernelDoesNotTell() throws Exception {
        assertTrue(new QuietMachine(() -> null).await(Duration.ZERO));
    }

    private static String after(int busy, int idle) {
        return "cpu  " + (1_000 + busy) + " 0 500 " + (8_000 + idle) + " 100 0 20 0 0 0";
    }
}
