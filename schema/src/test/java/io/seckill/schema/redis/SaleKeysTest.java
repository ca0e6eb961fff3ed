package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaleKeysTest {
    @Test
    void shouldPutAllKeysOfASaleUnderOneHashTag() {
        SaleKeys keys = SaleKeys.of("friday-2");
        List<String> all = List.of(keys.sale(), keys.buyers(), keys.outbox(), keys.lots());

        assertEquals(4, Set.copyOf(all).size());
        all.forEach(key -> assertTrue(key.startsWith("seckill:{friday-2}:"), key));
    }

    @Test
    void shouldFindTheSaleOfAChange() {
        assertEquals("friday", SaleKeys.saleOf(SaleKeys.of("friday").sale()));
        for (String other : List.of("", "something else", "seckill:{", "other:{friday}:sale", "}")) {
            assertEquals("", SaleKeys.saleOf(other), other);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "friday-2", "a-", "0123456789abcdef0123456789abcdef"})
    void shouldTakeSaleIds(String id) {
        assertTrue(SaleKeys.isSaleId(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "A", "a}b", "a{b", "a b", "a\n", "a/b", "a:b", "a_b", "..", "\u00fc", "%61"})
    void shouldNotTakeOtherTextsForSaleIds(String text) {
        assertFalse(SaleKeys.isSaleId(text));
    }

    @Test
    void shouldBoundTheLengthOfSaleIds() {
        assertTrue(SaleKeys.isSaleId("a".repeat(32)));
        assertFalse(SaleKeys.isSaleId("a".repeat(33)));
        assertFalse(SaleKeys.isSaleId(null));
    }
}
