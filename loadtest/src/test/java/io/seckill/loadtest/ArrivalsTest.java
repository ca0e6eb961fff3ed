package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    @Test
    void shouldSpaceBuyersEvenlyOverTheRamp() {
        Arrivals arrivals = Arrivals.over(4, Duration.ofSeconds(1));

        assertEquals(0, arrivals.offsetNanos(0));
        assertEquals(250_000_000, arrivals.offsetNanos(1));
        assertEquals(750_000_000, arrivals.offsetNanos(3));
    }

    @Test
    void shouldTurnARateIntoARamp() {
        assertEquals(Duration.ofSeconds(4), Arrivals.atRate(20_000, 5_000).ramp());
        assertEquals(200_000, Arrivals.atRate(20_000, 5_000).offsetNanos(1));
    }

    @Test
    void shouldLetEverybodyInAtOnceWithoutARamp() {
        assertEquals(100, Arrivals.over(100, Duration.ZERO).dueBy(0));
    }

    @Test
    void shouldLetNobodyInBeforeTheStart() {
        assertEquals(0, Arrivals.over(100, Duration.ofSeconds(1)).dueBy(-1));
    }

    /** The count of those due and the schedule are two ways to say the same. */
    @Test
    void shouldCountExactlyThoseWhoseTimeHasCome() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ArrivalsTest -Dseed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Arrivals arrivals =
                    Arrivals.over(1 + random.nextInt(3_000), Duration.ofNanos(1 + random.nextInt(2_000_000_000)));
            long elapsed = random.nextInt(2_100_000_000);
            int due = arrivals.dueBy(elapsed);
            assertTrue(due == 0 || arrivals.offsetNanos(due - 1) <= elapsed, "seed " + seed + " round " + round);
            assertTrue(
                    due == arrivals.count() || arrivals.offsetNanos(due) > elapsed, "seed " + seed + " round " + round);
        }
    }

    @Test
    void shouldNotOverflowOnALongRush() {
        Arrivals arrivals = Arrivals.over(10_000_000, Duration.ofHours(10));

        assertEquals(Duration.ofHours(5).toNanos(), arrivals.offsetNanos(5_000_000));
        assertEquals(5_000_001, arrivals.dueBy(Duration.ofHours(5).toNanos()));
    }

    @Test
    void shouldRefuseARushOfNobody() {
        assertThrows(IllegalArgumentException.class, () -> Arrivals.over(0, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> Arrivals.over(1, Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> Arrivals.atRate(1, 0));
    }
}
