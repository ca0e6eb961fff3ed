package io.seckill.schema.order;

/**
 * The three ways in which an unpaid order ends. Each is decided by a condition on the order's own row and the database's
 * clock, so of two that meet one wins, whoever asks and whatever the clocks of the askers say.
 */
public enum OrderEnd {
    PAID("paid", "pay_by > UTC_TIMESTAMP(3)", false),
    CANCELLED("cancelled", "pay_by > UTC_TIMESTAMP(3)", true),
    EXPIRED("expired", "pay_by <= UTC_TIMESTAMP(3)", true);

    private final String state;
    private final String condition;
    private final boolean freesUnits;

    OrderEnd(String state, String condition, boolean freesUnits) {
        this.state = state;
        this.condition = condition;
        this.freesUnits = freesUnits;
    }

    /** As stored and shown. */
    public String state() {
        return state;
    }

    /** SQL, besides that the order is unpaid. */
    String condition() {
        return condition;
    }

    /** Its units go back on sale. */
    public boolean freesUnits() {
        return freesUnits;
    }
}
