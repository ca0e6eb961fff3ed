package io.seckill.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Decides when it is worth looking through all buyers of a sale for orders that are nowhere: when units that Redis sold and
 * nothing else accounts for never went down to none for a while. A search that found nothing is repeated ever more seldom.
 * Pure; times in ms of any clock that does not jump.
 */
final class GapWatch {
    private static final int MAX_DOUBLINGS = 5;

    private static final class State {
        private final long since;
        private long notBefore;
        private int fruitless;

        State(long since) {
            this.since = since;
        }
    }

    private final long suspectAfterMs;
    private final Map<String, State> open = new HashMap<>();

    /** @param suspectAfterMs how long a gap may stay open before it is looked into */
    GapWatch(long suspectAfterMs) {
        this.suspectAfterMs = suspectAfterMs;
    }

    /** What a sale's gap is now, in units; true if its buyers are to be searched. */
    boolean observe(String saleId, long gap, long nowMs) {
        if (gap <= 0) {
            open.remove(saleId);
            return false;
        }
        State state = open.computeIfAbsent(saleId, id -> new State(nowMs));
        return nowMs - state.since >= suspectAfterMs && nowMs >= state.notBefore;
    }

    /** A search ended. */
    void searched(String saleId, boolean found, long nowMs) {
        State state = open.get(saleId);
        if (state != null) {
            state.fruitless = found ? 0 : Math.min(MAX_DOUBLINGS, state.fruitless + 1);
            state.notBefore = nowMs + (suspectAfterMs << state.fruitless);
        }
    }

    /** Forgets every other sale. */
    void keepOnly(Set<String> saleIds) {
        open.keySet().retainAll(saleIds);
    }
}
