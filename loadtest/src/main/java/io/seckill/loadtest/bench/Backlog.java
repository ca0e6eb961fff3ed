package io.seckill.loadtest.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How far MySQL is behind Redis, from counts that were read of both at several moments. Not thread-safe. */
final class Backlog {
    private record Look(long atNanos, long accepted, long stored) {}

    private final List<Look> looks = new ArrayList<>();
    private int next;
    private long worstNanos;

    /**
     * @param accepted units that Redis has sold by then
     * @param stored units that MySQL had sold, read before
     */
    void add(long atNanos, long accepted, long stored) {
        looks.add(new Look(atNanos, accepted, stored));
        // The oldest look at which Redis had accepted more than MySQL has stored by now: it is behind since then, or,
        // at worst, since the look before.
        while (next < looks.size() && looks.get(next).accepted <= stored) {
            next++;
        }
        if (next < looks.size()) {
            worstNanos = Math.max(worstNanos, atNanos - looks.get(Math.max(0, next - 1)).atNanos);
        }
    }

    /** Whether all that was accepted was stored at the last look. */
    boolean isDrained() {
        return !looks.isEmpty() && looks.get(looks.size() - 1).stored >= looks.get(looks.size() - 1).accepted;
    }

    /** The longest that anything accepted can have waited to be stored. */
    Duration worst() {
        return Duration.ofNanos(worstNanos);
    }
}
