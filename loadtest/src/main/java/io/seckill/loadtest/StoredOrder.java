package io.seckill.loadtest;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * An order as MySQL has it. Read by {@link StoredOrders}, entered into a {@link Ledger}.
 *
 * @param createdAt when it was accepted, by Redis' clock
 * @param settledAt when it was paid, cancelled or expired, by MySQL's clock; null while it is unpaid
 */
public record StoredOrder(
        String orderId, String user, long quantity, String state, Instant createdAt, Instant settledAt) {

    /** By how much two servers' clocks may differ; no payment window is shorter. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(1);

    private static final Set<String> ACTIVE = Set.of("pending_payment", "paid");

    boolean isActive() {
        return ACTIVE.contains(state);
    }

    /** A rejected order keeps nobody's promise, even if its row is there. */
    boolean keepsPromise() {
        return !state.equals("rejected");
    }

    /** Whether it had ended, cancelled or expired, when the other one was accepted: only then may a user buy anew. */
    boolean hadEndedBefore(StoredOrder next) {
        return !isActive() && settledAt != null && !settledAt.isAfter(next.createdAt.plus(CLOCKS_DIFFER));
    }
}
