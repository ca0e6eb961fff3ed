package io.seckill.gateway.admin;

import io.vertx.core.json.JsonObject;

/**
 * The audit of one sale, in units. Every term is counted on its own; none is what is left over.
 *
 * @param remaining units that Redis would still sell
 * @param inFlight taken in Redis, not in MySQL yet, and on their way
 * @param restocking given back by MySQL, not yet by Redis
 * @param oversold active units in MySQL beyond the stock
 * @param lost taken in Redis longer ago than anything may be on its way, and nowhere else: not part of the sum, so that a
 *     loss shows as an imbalance
 * @param deadLettered taken in Redis and ended as dead letters
 */
public record AuditTerms(
        long stock,
        long remaining,
        long inFlight,
        long pendingPayment,
        long paid,
        long restocking,
        long oversold,
        long lost,
        long deadLettered) {

    public boolean isBalanced() {
        return difference() == 0;
    }

    /** What of the stock was found nowhere; below 0 if more was found than there is. */
    public long difference() {
        return stock - (remaining + inFlight + pendingPayment + paid + restocking + deadLettered);
    }

    public JsonObject json() {
        return new JsonObject()
                .put("stock", stock)
                .put("remaining", remaining)
                .put("inFlight", inFlight)
                .put("pendingPayment", pendingPayment)
                .put("paid", paid)
                .put("restocking", restocking)
                .put("oversold", oversold)
                .put("lost", lost)
                .put("deadLettered", deadLettered)
                .put("balanced", isBalanced());
    }
}
