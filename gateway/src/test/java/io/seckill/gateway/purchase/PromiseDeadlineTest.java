package io.seckill.gateway.purchase;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromiseDeadlineTest {
    private static final long LIMIT_NANOS = 2_000_000_000L;

    private final PromiseDeadline deadline = new PromiseDeadline(2_000);

    // The monotonic clock begins anywhere and may run over.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -LIMIT_NANOS, Long.MAX_VALUE, Long.MAX_VALUE - LIMIT_NANOS, Long.MIN_VALUE})
    void shouldAllowAPromiseUpToTheLimitAndNoneAfterIt(long arrived) {
        assertFalse(deadline.hasPassed(arrived, arrived));
        assertFalse(deadline.hasPassed(arrived, arrived + LIMIT_NANOS));
        assertTrue(deadline.hasPassed(arrived, arrived + LIMIT_NANOS + 1));
        assertTrue(deadline.hasPassed(arrived, arrived + 60_000_000_000L));
    }
}
