package io.seckill.loadtest.gatling;

/** What one visitor is about, from request to request. Used by one visitor only, so never by two threads at a time. */
final class Ask {
    private final Visit visit;
    private long intendedMicros;
    private long lateMicros;
    private int attempts;
    private boolean again = true;
    private String orderId = "";

    Ask(Visit visit) {
        this.visit = visit;
        this.intendedMicros = visit.offsetMicros();
    }

    Visit visit() {
        return visit;
    }

    /** When the present request was meant to be sent: its latency counts from here. */
    long intendedMicros() {
        return intendedMicros;
    }

    /** By how much the generator was late to send it. */
    long lateMicros() {
        return lateMicros;
    }

    void next(long intended) {
        intendedMicros = intended;
    }

    void sent(long nowMicros) {
        attempts++;
        lateMicros = Math.max(0, nowMicros - intendedMicros);
        // Gatling's pauses end up to a millisecond early: that must not make an answer look faster than it was.
        intendedMicros = Math.min(intendedMicros, nowMicros);
    }

    int attempts() {
        return attempts;
    }

    boolean again() {
        return again;
    }

    /** Whether another request of the same kind follows; begins with the first. */
    void again(boolean more) {
        again = more;
    }

    /** Another kind of request follows. */
    void turn() {
        attempts = 0;
        again = true;
    }

    /** Of a 202; empty without. */
    String orderId() {
        return orderId;
    }

    void accepted(String id) {
        orderId = id;
    }
}
