package io.seckill.schema.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderLineTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "A~!:@-_.|\"\\", "auth0|5f7c8ec7c33c6c004bbafe82", "jo@example.org"})
    void shouldTakeUserIds(String id) {
        assertTrue(OrderLine.isUserId(id));
        assertEquals(id, new OrderLine(id, 1, 1).userId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", " a", "a\n", "a\r", "a\t", "\u00fc", "\u0000", "\u007f", "\uff41"})
    void shouldNotTakeOtherTextsForUserIds(String text) {
        assertFalse(OrderLine.isUserId(text));
        assertThrows(IllegalArgumentException.class, () -> new OrderLine(text, 1, 1));
    }

    @Test
    void shouldDecideOnEachCharacterAlike() {
        for (char c = 0; c < 0x300; c++) {
            assertEquals(c >= '!' && c <= '~', OrderLine.isUserId("a" + c), "U+" + Integer.toHexString(c));
        }
    }

    @Test
    void shouldBoundTheLengthOfUserIds() {
        assertTrue(OrderLine.isUserId("u".repeat(64)));
        assertFalse(OrderLine.isUserId("u".repeat(65)));
        assertFalse(OrderLine.isUserId(null));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "-1,1", "65536,1", "1,0", "1,-1", "1,65536"})
    void shouldRefuseWhatTheMessageCannotHold(int quantity, int attempt) {
        assertThrows(IllegalArgumentException.class, () -> new OrderLine("u", quantity, attempt));
    }

    @Test
    void shouldTakeTheGreatestQuantityAndAttempt() {
        assertEquals(65_535, new OrderLine("u", 65_535, 65_535).quantity());
    }
}
