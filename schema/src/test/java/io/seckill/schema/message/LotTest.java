package io.seckill.schema.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LotTest {
    @Test
    void shouldOrderIdsByAgeAndNotAsTexts() {
        assertEquals("2:9", Collections.min(List.of("2:10", "10:1", "2:9"), Lot.IDS_BY_AGE));
    }

    @Test
    void shouldReadTheOutboxText() {
        Lot lot = Lot.parse("friday", "2 7 1700000000123 900 alice 1 1 bob 2 3");

        assertEquals(
                new Lot(
                        "friday",
                        2,
                        7,
                        1_700_000_000_123L,
                        900,
                        List.of(new OrderLine("alice", 1, 1), new OrderLine("bob", 2, 3))),
                lot);
        assertEquals("2:7", lot.id());
    }

    @Test
    void shouldPayWithinTheWindowFromTheAcceptanceOn() {
        Lot lot = Lot.parse("friday", "1 1 1700000000123 2147483647 a 1 1");

        assertEquals(Instant.parse("2023-11-14T22:13:20.123Z"), lot.createdAt());
        assertEquals(lot.createdAt().plusSeconds(Integer.MAX_VALUE), lot.payBy());
    }

    @Test
    void shouldReadAsManyOrdersAsOneMessageCarries() {
        StringBuilder text = new StringBuilder("1 9007199254740993 1 1");
        for (int i = 0; i < OrderBatch.MAX_ORDERS; i++) {
            text.append(" u").append(i).append(" 1 1");
        }
        Lot lot = Lot.parse("friday", text.toString());
        assertEquals(OrderBatch.MAX_ORDERS, lot.orders().size());
        assertEquals(9_007_199_254_740_993L, lot.seq());
    }

    @Test
    void shouldNotChangeWithTheListItWasMadeOf() {
        List<OrderLine> orders = new ArrayList<>(List.of(new OrderLine("a", 1, 1)));
        Lot lot = new Lot("s", 1, 1, 1, 1, orders);
        orders.clear();
        assertEquals(1, lot.orders().size());
    }

    @Test
    void shouldCarryOrdersIntoALaterEpochBeforeAllOfItsCalls() {
        Lot lot = Lot.parse("friday", "1 7 1700000000123 900 alice 1 1 bob 2 3");

        Lot carried = lot.carriedInto(4);

        assertEquals("4:0", carried.id());
        assertEquals(new Lot("friday", 4, 0, lot.createdAtMs(), 900, lot.orders()), carried);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1 1 1 1",
                "1 1 1 1 a",
                "1 1 1 1 a 1",
                "1 1 1 1 a 1 1 ",
                " 1 1 1 1 a 1 1",
                "1 1 1 1 a 1 1 b 1",
                "1 1 1 1 a 0 1",
                "1 1 1 1 a 1 0",
                "1 1 1 1 a x 1",
                "1 1 1 1 a 1 99999999999",
                "0 1 1 1 a 1 1",
                "1 -1 1 1 a 1 1",
                "1 1 1 0 a 1 1",
                "1 1 1 1  1 1",
                "1 1 1 1 \u00fc 1 1",
                "x 1 1 1 a 1 1",
                "1 1e3 1 1 a 1 1",
                "1 1 1.5 1 a 1 1",
                "4294967297 1 1 1 a 1 1"
            })
    void shouldRefuseWhatIsNoLot(String text) {
        assertThrows(IllegalArgumentException.class, () -> Lot.parse("friday", text));
    }
}
