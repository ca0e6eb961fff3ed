package io.seckill.gateway.purchase;

import java.util.concurrent.TimeUnit;

/**
 * How many purchases may be under way on one event loop, so that those that are let in are answered well before their deadline
 * however slow Redis or RabbitMQ are. By Little's law that is what was answered within the time that an answer may take; once
 * answers come late, no more are let in than that. As long as they come in time and all places are taken, there are more places
 * each round. Without it everybody waits until the deadline, what is served is what nobody waits for any more, and units are
 * taken for buyers who are told that it is not known.
 */
final class AdmissionLimit {
    private static final int FIRST = 4_096;
    private static final int LEAST = 32;
    // Of what was answered: a little room for what varies.
    private static final double KEPT = 0.8;
    private static final double GROWTH = 1.5;

    private final int most;
    private final long targetNanos;

    private long roundBegan;
    private long reducedAt;
    private int limit;
    private int answered;
    private boolean late;
    private boolean full;

    /**
     * @param most places, whatever happens
     * @param targetMs an answer that takes longer is late, and after twice this nobody waits for it; also the length of a
     *     round
     * @param nowNanos the monotonic clock
     */
    AdmissionLimit(int most, int targetMs, long nowNanos) {
        this.most = most;
        this.targetNanos = TimeUnit.MILLISECONDS.toNanos(targetMs);
        this.limit = Math.min(most, FIRST);
        this.roundBegan = nowNanos;
        this.reducedAt = nowNanos;
    }

    int limit() {
        return limit;
    }

    boolean hasRoom(int underWay, long nowNanos) {
        turn(nowNanos);
        boolean room = underWay < limit;
        full |= !room;
        return room;
    }

    /** A purchase got the answer of Redis and RabbitMQ, or missed its deadline waiting for it. */
    void answered(long nanosTaken, long nowNanos) {
        turn(nowNanos);
        // Who was let in before the last cut says nothing against what is let in since.
        late |= nanosTaken > targetNanos && nowNanos - nanosTaken - reducedAt >= 0;
        if (nanosTaken < 2 * targetNanos) {
            answered++;
        }
    }

    private void turn(long nowNanos) {
        long length = nowNanos - roundBegan;
        if (length < targetNanos) {
            return;
        }
        if (late) {
            // A round that nobody ended for long counts for what it was.
            double aRound = (double) answered * targetNanos / length;
            limit = Math.min(limit, Math.max(Math.min(most, LEAST), (int) (KEPT * aRound)));
            reducedAt = nowNanos;
        } else if (full) {
            limit = (int) Math.min(most, Math.ceil(limit * GROWTH));
        }
        roundBegan = nowNanos;
        answered = 0;
        late = false;
        full = false;
    }
}
