package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class GapWatchTest {
    private final GapWatch gaps = new GapWatch(10);

    @Test
    void shouldSuspectAGapThatStaysOpen() {
        assertFalse(gaps.observe("s", 3, 0));
        assertFalse(gaps.observe("s", 500, 9));
        assertTrue(gaps.observe("s", 1, 10));
    }

    @Test
    void shouldNotSuspectWhatCloses() {
        gaps.observe("s", 3, 0);
        assertFalse(gaps.observe("s", 0, 9));
        assertFalse(gaps.observe("s", 3, 10));
        assertTrue(gaps.observe("s", 3, 20));
        assertFalse(gaps.observe("other", 3, 20));
    }

    @Test
    void shouldSearchEverMoreSeldomWhereNothingIsFound() {
        long now = 10;
        gaps.observe("s", 1, 0);
        for (long rest : new long[] {20, 40, 80, 160, 320, 320}) {
            assertTrue(gaps.observe("s", 1, now));
            gaps.searched("s", false, now);
            assertFalse(gaps.observe("s", 1, now + rest - 1));
            now += rest;
        }
        assertTrue(gaps.observe("s", 1, now));
        gaps.searched("s", true, now);
        assertTrue(gaps.observe("s", 1, now + 10));
    }

    @Test
    void shouldForgetASaleThatIsGone() {
        gaps.observe("s", 1, 0);
        gaps.keepOnly(Set.of("other"));
        assertFalse(gaps.observe("s", 1, 10));
    }
}
