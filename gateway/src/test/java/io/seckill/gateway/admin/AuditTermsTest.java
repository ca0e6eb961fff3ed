package io.seckill.gateway.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditTermsTest {
    @Test
    void shouldBalanceWhenEveryUnitIsSomewhere() {
        assertTrue(new AuditTerms(100, 40, 20, 10, 15, 10, 0, 0, 5).isBalanced());
        assertTrue(new AuditTerms(100, 100, 0, 0, 0, 0, 0, 0, 0).isBalanced());
    }

    @Test
    void shouldNotBalanceWhenUnitsAreLost() {
        assertFalse(new AuditTerms(100, 40, 20, 10, 15, 10, 0, 3, 2).isBalanced());
    }

    @Test
    void shouldNotBalanceWhenOneUnitIsTooManyOrTooFewAnywhere() {
        for (int off : new int[] {-1, 1}) {
            assertFalse(new AuditTerms(100 + off, 40, 20, 10, 15, 10, 0, 0, 5).isBalanced());
            assertFalse(new AuditTerms(100, 40 + off, 20, 10, 15, 10, 0, 0, 5).isBalanced());
            assertFalse(new AuditTerms(100, 40, 20 + off, 10, 15, 10, 0, 0, 5).isBalanced());
            assertFalse(new AuditTerms(100, 40, 20, 10 + off, 15, 10, 0, 0, 5).isBalanced());
            assertFalse(new AuditTerms(100, 40, 20, 10, 15 + off, 10, 0, 0, 5).isBalanced());
            assertFalse(new AuditTerms(100, 40, 20, 10, 15, 10 + off, 0, 0, 5).isBalanced());
            assertFalse(new AuditTerms(100, 40, 20, 10, 15, 10, 0, 0, 5 + off).isBalanced());
        }
    }

    @Test
    void shouldShowEveryTermOfTheContract() {
        JsonObject json = new AuditTerms(100, 40, 20, 10, 15, 10, 0, 3, 2).json();

        assertEquals(
                Set.of(
                        "stock",
                        "remaining",
                        "inFlight",
                        "pendingPayment",
                        "paid",
                        "restocking",
                        "oversold",
                        "lost",
                        "deadLettered",
                        "balanced"),
                json.fieldNames());
        assertEquals(3, json.getLong("lost"));
        assertFalse(json.getBoolean("balanced"));
    }
}
