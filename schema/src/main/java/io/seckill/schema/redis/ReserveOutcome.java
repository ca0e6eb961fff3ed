package io.seckill.schema.redis;

/** What {@code reserve} decided on one purchase. A closed set: an operating error is a failed Future, never one of these. */
public sealed interface ReserveOutcome {

    /** Stock was taken. {@code attempt} numbers the user's orders in the sale, from 1. */
    record Accepted(int attempt) implements ReserveOutcome {}

    /**
     * The user has an active order already; nothing moved.
     *
     * @param unconfirmed its lot is still in the outbox, so no one may be promised it yet
     */
    record Held(int attempt, int quantity, int epoch, long seq, long createdAtMs, boolean unconfirmed)
            implements ReserveOutcome {}

    /** Nothing moved, for a reason. Constants: one instance a reason. */
    enum Refused implements ReserveOutcome {
        NOT_STARTED,
        ENDED,
        PAUSED,
        LIMIT_EXCEEDED,
        SOLD_OUT;

        private static final Refused[] BY_CODE = values();

        static Refused of(int code) {
            return BY_CODE[-code - 1];
        }
    }
}
