package io.seckill.local;

import io.seckill.schema.fault.CrashPoint;
import java.util.Map;

/**
 * What has to happen during a live sale so that a process gets to a {@link CrashPoint}. A new point needs a line in {@link
 * #of}.
 *
 * @param armed which processes die where; the trial is that all of them do
 * @param unpaidSeconds how long orders can be paid; short where their end is what is wanted
 * @param trouble what is done besides
 */
record CrashPlan(Map<String, CrashPoint> armed, int unpaidSeconds, Trouble trouble) {
    /** What leads to a point that buyers alone do not lead to. */
    enum Trouble {
        NONE,
        /** A message that nobody can read goes to the workers. */
        POISON,
        /** Redis forgets everything. */
        REDIS_LOST,
        /** A buyer cancels. */
        CANCELLED
    }

    static final int GATEWAYS = 2;
    static final int WORKERS = 1;

    // Longer than any series of trials: what one of them left unpaid must not expire during another.
    private static final int LONG_S = 24 * 3600;
    private static final int SHORT_S = 2;

    static CrashPlan of(CrashPoint point) {
        return switch (point) {
            case PURCHASE_RESERVED, PURCHASE_PUBLISHED, PURCHASE_CONFIRMED, PURCHASE_ANSWERED ->
                new CrashPlan(Map.of("gateway-1", point), LONG_S, Trouble.NONE);
            // A relay has work only when another gateway left some.
            case RELAY_CLAIMED, RELAY_PUBLISHED ->
                new CrashPlan(
                        Map.of("gateway-1", CrashPoint.PURCHASE_RESERVED, "gateway-2", point), LONG_S, Trouble.NONE);
            case ORDER_DELIVERED, ORDER_INSERTED, ORDER_COMMITTED, ORDER_ANNOUNCED, ORDER_ACKED ->
                new CrashPlan(Map.of("worker-1", point), LONG_S, Trouble.NONE);
            case DEAD_LETTER_PUBLISHED, DEAD_LETTER_RECORDED ->
                new CrashPlan(Map.of("worker-1", point), LONG_S, Trouble.POISON);
            case EXPIRE_BEFORE_COMMIT, EXPIRE_COMMITTED, RESTOCK_READ, RESTOCK_RELEASED, RESTOCK_MARKED ->
                new CrashPlan(Map.of("worker-1", point), SHORT_S, Trouble.NONE);
            case REBUILD_FENCED, REBUILD_RECOMPUTED, REBUILD_WRITTEN, REBUILD_ARMED ->
                new CrashPlan(Map.of("worker-1", point), LONG_S, Trouble.REDIS_LOST);
            case CANCEL_BEFORE_COMMIT, CANCEL_COMMITTED, CANCEL_RELEASED, CANCEL_MARKED ->
                new CrashPlan(Map.of("gateway-1", point), LONG_S, Trouble.CANCELLED);
        };
    }

    /** Whether all orders are to end, and their units to come back, before it is over. */
    boolean untilAllFree() {
        return unpaidSeconds == SHORT_S;
    }
}
