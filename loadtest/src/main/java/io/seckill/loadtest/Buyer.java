package io.seckill.loadtest;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One buyer of a rush and what its requests have learned so far. Touched by the rush's event loop only. Kept small:
 * there are many, and nearly all of them never get more than a refusal.
 */
final class Buyer {

    /** How one of its requests ended, the worst last. */
    enum Ending {
        /** With a reply that settles it. */
        ANSWERED,
        /** After too many 429s and 503s. */
        TURNED_AWAY,
        /** Without ever learning the outcome. */
        UNRESOLVED
    }

    final String user;
    final long arrivesAt;

    private int open;
    private Ending worst = Ending.ANSWERED;
    private boolean inDoubt;
    private String orderId;
    private Set<String> furtherIds = Set.of();

    Buyer(String user, long arrivesAt, int asks) {
        this.user = user;
        this.arrivesAt = arrivesAt;
        this.open = asks;
    }

    /** Returns whether this is the buyer's first 202. */
    boolean accepted(String id) {
        if (orderId == null) {
            orderId = id;
            return true;
        }
        if (!orderId.equals(id)) {
            // One id per buyer is the rule that the auditor checks: a second one is kept as evidence. Bounded by the
            // number of the buyer's requests.
            furtherIds = furtherIds.isEmpty() ? new LinkedHashSet<>() : furtherIds;
            furtherIds.add(id);
        }
        return false;
    }

    /** One of its requests has its last answer; returns whether it was the last of them all. */
    boolean settled(Ending ending, boolean leftInDoubt) {
        worst = ending.compareTo(worst) > 0 ? ending : worst;
        inDoubt |= leftInDoubt;
        open--;
        return open == 0;
    }

    /** The rush is over: what is still open will never be known. */
    void abandon() {
        if (open > 0) {
            inDoubt = true;
            worst = Ending.UNRESOLVED;
            open = 0;
        }
    }

    boolean isAccepted() {
        return orderId != null;
    }

    /** Whether one of its requests may have made an order that it does not know of. */
    boolean isInDoubt() {
        return inDoubt;
    }

    Ending worstEnding() {
        return worst;
    }

    Set<String> orderIds() {
        if (orderId == null) {
            return Set.of();
        }
        if (furtherIds.isEmpty()) {
            return Set.of(orderId);
        }
        Set<String> all = new LinkedHashSet<>(furtherIds);
        all.add(orderId);
        return all;
    }
}
