package io.seckill.local.payments;

import io.vertx.core.Future;

/** One payment, from its first charge on. Used on one event loop; small, since a hundred thousand are remembered. */
final class Payment {
    /** What became of the money. */
    enum State {
        SUCCEEDED("succeeded"),
        FAILED("failed");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final Future<Void> TOLD = Future.succeededFuture();
    private static final Future<Void> LOST = Future.failedFuture("no gateway took it");

    private final Charge charge;
    private State state;
    private long event;
    private long decidedAtMs;
    private Future<Void> accepted;
    private boolean toldLater;
    private int tellings;

    /** @param lastEvent the number before that of its first event */
    Payment(Charge charge, long lastEvent) {
        this.charge = charge;
        this.event = lastEvent;
    }

    Charge charge() {
        return charge;
    }

    /** Null until it is decided. */
    State state() {
        return state;
    }

    void decide(State outcome, long nowMs) {
        state = outcome;
        decidedAtMs = nowMs;
        event++;
    }

    /** The event that tells its state, the same each time. */
    Webhook webhook() {
        return new Webhook(charge, event, state, decidedAtMs);
    }

    /** An event of a failure that was before its success, and is told after it. */
    Webhook earlierFailure() {
        return new Webhook(charge, event + 1, State.FAILED, decidedAtMs - 1_000);
    }

    /** @param later whether the gateways are told only after the charge was answered */
    void tell(Future<Void> acceptance, boolean later) {
        accepted = acceptance;
        toldLater = later;
    }

    /** Lets go of all that was needed for the telling. */
    void toldOrLost() {
        accepted = accepted.succeeded() ? TOLD : LOST;
    }

    /** Completed once a gateway knows the state. */
    Future<Void> accepted() {
        return accepted;
    }

    boolean isToldLater() {
        return toldLater;
    }

    boolean isBeingTold() {
        return accepted != null && !accepted.isComplete();
    }

    /** Counts the sequences of webhooks that are under way; returns how many there are now. */
    int tellings(int change) {
        tellings += change;
        return tellings;
    }
}
