package io.seckill.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInRateTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000_000_000L, Long.MAX_VALUE - 1_000, Long.MIN_VALUE + 1_000})
    void shouldGiveSomeAtOnceAndThenSoManyASecond(long start) {
        SignInRate rate = new SignInRate(start);

        assertEquals(SignInRate.AT_ONCE, taken(rate, start));
        assertFalse(rate.take(start + TimeUnit.MILLISECONDS.toNanos(99)));
        assertTrue(rate.take(start + TimeUnit.MILLISECONDS.toNanos(100)));
        assertFalse(rate.take(start + TimeUnit.MILLISECONDS.toNanos(199)));
        assertEquals(SignInRate.PER_SECOND, taken(rate, start + TimeUnit.MILLISECONDS.toNanos(1_100)));
        assertEquals(SignInRate.AT_ONCE, taken(rate, start + TimeUnit.HOURS.toNanos(1)));
    }

    private static int taken(SignInRate rate, long nowNanos) {
        int taken = 0;
        while (rate.take(nowNanos)) {
            taken++;
        }
        return taken;
    }
}
