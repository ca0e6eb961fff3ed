package io.seckill.loadtest.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final long MS = 1_000_000;

    private final Backlog backlog = new Backlog();

    @Test
    void shouldNotBeBehindWhileAllIsStored() {
        backlog.add(0, 0, 0);
        backlog.add(50 * MS, 10, 10);

        assertEquals(Duration.ZERO, backlog.worst());
        assertTrue(backlog.isDrained());
    }

    @Test
    void shouldTellSinceWhenTheOldestWaits() {
        backlog.add(0, 10, 0);
        backlog.add(50 * MS, 20, 5);
        backlog.add(100 * MS, 30, 9);
        backlog.add(150 * MS, 30, 10);

        // The eleventh unit may have come right after the first look, and is not stored at the last.
        assertEquals(Duration.ofMillis(150), backlog.worst());
        assertFalse(backlog.isDrained());
    }

    @Test
    void shouldForgetWhatWasStored() {
        backlog.add(0, 10, 0);
        backlog.add(50 * MS, 20, 10);
        backlog.add(100 * MS, 30, 20);
        backlog.add(150 * MS, 30, 30);

        assertEquals(Duration.ofMillis(50), backlog.worst());
        assertTrue(backlog.isDrained());
    }
}
