package io.seckill.gateway.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.payment.PaymentVerdict.Order;
import io.seckill.gateway.payment.PaymentVerdict.State;
import io.seckill.gateway.payment.PaymentVerdict.Step;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events in any order: a payment only ever rises. */
class PaymentVerdictTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "FAILED, , FAIL",
        "FAILED, FAILED, NONE",
        "FAILED, SETTLED, NONE",
        "FAILED, REFUND_DUE, NONE",
        "FAILED, REFUNDED, NONE",
        "SUCCEEDED, , SETTLE",
        "SUCCEEDED, FAILED, SETTLE",
        "SUCCEEDED, SETTLED, NONE",
        "SUCCEEDED, REFUND_DUE, NONE",
        "SUCCEEDED, REFUNDED, NONE",
        "REFUNDED, , REFUND",
        "REFUNDED, FAILED, REFUND",
        "REFUNDED, SETTLED, REFUND",
        "REFUNDED, REFUND_DUE, REFUND",
        "REFUNDED, REFUNDED, NONE"
    })
    void shouldRise(PaymentEvent.Type type, State known, Step step) {
        assertSame(step, PaymentVerdict.step(type, known));
    }

    @Test
    void shouldPayOnlyWithTheRightMoney() {
        Order order = new Order("pending_payment", 1_980, "CNY");

        assertEquals("", PaymentVerdict.mismatch(event(1_980, "CNY", NOW), order));
        assertEquals("amount_mismatch", PaymentVerdict.mismatch(event(1_979, "CNY", NOW), order));
        assertEquals("amount_mismatch", PaymentVerdict.mismatch(event(1_980, "EUR", NOW), order));
    }

    @ParameterizedTest
    @CsvSource({"paid, paid_already", "cancelled, cancelled", "expired, expired", "pending_payment, expired"})
    void shouldSayWhyItCameTooLate(String state, String reason) {
        assertEquals(reason, PaymentVerdict.tooLate(state));
    }

    @Test
    void shouldWaitForAnOrderThatMayStillCome() {
        assertTrue(PaymentVerdict.mayStillCome(event(1, "CNY", NOW.minusSeconds(599)), NOW));
        assertFalse(PaymentVerdict.mayStillCome(event(1, "CNY", NOW.minusSeconds(601)), NOW));
    }

    private static PaymentEvent event(long amount, String currency, Instant occurredAt) {
        return new PaymentEvent(
                "evt_1",
                PaymentEvent.Type.SUCCEEDED,
                occurredAt,
                "pay_1",
                "3872de59-a74f-512e-9beb-e0ab74344cda",
                amount,
                currency);
    }
}
