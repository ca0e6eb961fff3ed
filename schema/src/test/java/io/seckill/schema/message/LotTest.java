package io.seckill.schema.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LotTest {
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
        assertEquals(900_000, lot.payBy().toEpochMilli() - lot.createdAt().toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1 1 1 1", "1 1 1 1 a 1", "1 1 1 1 a 0 1", "0 1 1 1 a 1 1", "1 1 1 1  1 1", "x 1 1 1 a 1 1"})
    void shouldRefuseWhatIsNoLot(String text) {
        assertThrows(IllegalArgumentException.class, () -> Lot.parse("friday", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A~!:@-_.|\"\\", "0123456789012345678901234567890123456789012345678901234567890123"})
    void shouldTakeUserIds(String id) {
        assertTrue(OrderLine.isUserId(id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\n",
                "\u00fc",
                "\u0000",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void shouldNotTakeOtherTextsForUserIds(String text) {
        assertFalse(OrderLine.isUserId(text));
    }

    @Test
    void shouldDeriveOrderIds() {
        UUID id = OrderIds.of("friday", "alice", 1);

        // Stored for ever: this may not change.
        assertEquals(UUID.fromString("3872de59-a74f-512e-9beb-e0ab74344cda"), id);
        assertEquals(5, id.version());
        assertEquals(2, id.variant());
        assertNotEquals(id, OrderIds.of("friday", "alice", 2));
        assertNotEquals(id, OrderIds.of("friday", "alic", 1));
        assertNotEquals(OrderIds.of("s", "1", 11), OrderIds.of("s", "11", 1));
        assertNotEquals(OrderIds.of("s1", "u", 1), OrderIds.of("s", "1u", 1));
    }
}
