package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.seckill.schema.redis.ReserveOutcome.Held;
import io.seckill.schema.redis.ReserveOutcome.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Lua writes about a buyer, as Java reads it. */
class BuyerEntryTest {
    @Test
    void shouldReadAnActiveEntry() {
        assertEquals(
                new BuyerEntry(true, 1, 2, 3, 4, 1_700_000_000_123L, 0), BuyerEntry.parse("a:1:2:3:4:1700000000123"));
    }

    @Test
    void shouldReadAReleasedEntry() {
        assertEquals(
                new BuyerEntry(false, 2, 1, 1, 1L << 40, 5, 7), BuyerEntry.parse("r:2:1:1:" + (1L << 40) + ":5:7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a:1:1:1:1",
                "a:x:1:1:1:1",
                "a:1:1:1:1:",
                "a::1:1:1:1",
                "a:1:1:99999999999:1:1",
                "a:1:1:1:1:1:1:1"
            })
    void shouldRefuseWhatIsNoEntry(String text) {
        assertThrows(IllegalArgumentException.class, () -> BuyerEntry.parse(text));
    }

    @Test
    void shouldReadWhetherTheLotOfAReturningBuyerIsConfirmed() {
        assertEquals(new Held(1, 2, 3, 4, 5, true), BuyerEntry.held("a:1:2:3:4:5:1"));
        assertEquals(new Held(1, 2, 3, 4, 5, false), BuyerEntry.held("a:1:2:3:4:5:0"));
        assertEquals(new Held(2, 2, 3, 40, 5, true), BuyerEntry.held("a:2:2:3:40:5:17:1"));
    }

    @Test
    void shouldReadTheCodesOfRefusal() {
        assertSame(Refused.NOT_STARTED, Refused.of(-1));
        assertSame(Refused.ENDED, Refused.of(-2));
        assertSame(Refused.PAUSED, Refused.of(-3));
        assertSame(Refused.LIMIT_EXCEEDED, Refused.of(-4));
        assertSame(Refused.SOLD_OUT, Refused.of(-5));
    }
}
