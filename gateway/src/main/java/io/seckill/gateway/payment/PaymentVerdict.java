package io.seckill.gateway.payment;

import java.time.Duration;
import java.time.Instant;

/**
 * What an event makes of its payment, whatever came before and in whatever order: a payment's state only ever rises from
 * failed over settled or refund due to refunded. Pure.
 */
final class PaymentVerdict {
    /** As stored. */
    enum State {
        FAILED,
        SETTLED,
        REFUND_DUE,
        REFUNDED
    }

    /** What is to be done. */
    enum Step {
        /** Nothing: what is known already says more. */
        NONE,
        /** Write this payment down as failed. */
        FAIL,
        /** Write it down as refunded. */
        REFUND,
        /** Pay its order, if that can still be; else its money is to be given back. */
        SETTLE
    }

    // An order may be on its way into MySQL for as long as that is away.
    private static final Duration UNKNOWN_ORDER_GRACE = Duration.ofMinutes(10);

    private PaymentVerdict() {}

    /** @param known what is written down of the payment, or null */
    static Step step(PaymentEvent.Type type, State known) {
        return switch (type) {
            case FAILED -> known == null ? Step.FAIL : Step.NONE;
            case REFUNDED -> known == State.REFUNDED ? Step.NONE : Step.REFUND;
            case SUCCEEDED -> known == null || known == State.FAILED ? Step.SETTLE : Step.NONE;
        };
    }

    /**
     * The order that is to be paid, as MySQL has it.
     *
     * @param price of all its units
     */
    record Order(String state, long price, String currency) {}

    /** Why this payment cannot pay the order, or empty. */
    static String mismatch(PaymentEvent event, Order order) {
        return order.price() == event.amount() && order.currency().equals(event.currency()) ? "" : "amount_mismatch";
    }

    /** Why an order in this state could not be paid; one that still is unpaid is past its payment window. */
    static String tooLate(String state) {
        return switch (state) {
            case "paid" -> "paid_already";
            case "cancelled" -> "cancelled";
            default -> "expired";
        };
    }

    /** Whether an order that is not there may still come. */
    static boolean mayStillCome(PaymentEvent event, Instant now) {
        return event.occurredAt().isAfter(now.minus(UNKNOWN_ORDER_GRACE));
    }
}
