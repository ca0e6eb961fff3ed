package io.seckill.gateway.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who of many watchers is to hear of a change now. Each hears at most every {@link #GAP_MS}, and of several changes in
 * between only the newest. A change that matters reaches everyone within {@link #GAP_MS}; what merely counts down goes out
 * as far as the budget goes, to all in turn. Who heard nothing for {@link #HEARTBEAT_MS} gets a sign of life. Pure: the
 * caller brings the clock and does the sending. Belongs to one event loop.
 *
 * @param <C> a watcher
 */
final class Fanout<C> {
    /** At most two events a second. */
    static final int GAP_MS = 500;

    static final int HEARTBEAT_MS = 15_000;

    /** Rounds in which everyone hears of a change that matters. */
    private static final int URGENT_ROUNDS = 8;

    private final List<Seat<C>> seats = new ArrayList<>();
    private long change;
    private long urgentChange;
    private int cursor;

    /** A watcher's place: what it heard last, and when. */
    static final class Seat<C> {
        private final C watcher;
        private int index;
        private long heard;
        private long lastMs;

        private Seat(C watcher, int index, long heard, long lastMs) {
            this.watcher = watcher;
            this.index = index;
            this.heard = heard;
            this.lastMs = lastMs;
        }
    }

    /** A watcher that has just heard how things are. */
    Seat<C> add(C watcher, long nowMs) {
        Seat<C> seat = new Seat<>(watcher, seats.size(), change, nowMs);
        seats.add(seat);
        return seat;
    }

    void remove(Seat<C> seat) {
        Seat<C> last = seats.remove(seats.size() - 1);
        if (last != seat) {
            seats.set(seat.index, last);
            last.index = seat.index;
        }
    }

    int size() {
        return seats.size();
    }

    boolean isEmpty() {
        return seats.isEmpty();
    }

    void forEach(Consumer<C> watcher) {
        new ArrayList<>(seats).forEach(seat -> watcher.accept(seat.watcher));
    }

    /** @param matters everyone is to hear of it soon */
    void changed(boolean matters) {
        change++;
        if (matters) {
            urgentChange = change;
        }
    }

    /** What a round found. */
    record Round<C>(List<C> events, List<C> heartbeats) {}

    /**
     * Who is to hear the newest now. Call it about every 50 ms.
     *
     * @param budget most events about what merely counts down
     */
    Round<C> next(long nowMs, int budget) {
        Round<C> round = new Round<>(new ArrayList<>(), new ArrayList<>());
        int urgentLeft = seats.size() / URGENT_ROUNDS + 1;
        int left = budget;
        int last = cursor;
        for (int i = 0; i < seats.size() && (left > 0 || urgentLeft > 0); i++) {
            int at = (cursor + i) % seats.size();
            Seat<C> seat = seats.get(at);
            boolean rested = nowMs - seat.lastMs >= GAP_MS;
            if (seat.heard < urgentChange && rested && urgentLeft > 0) {
                urgentLeft--;
                hear(seat, nowMs, round.events);
            } else if (seat.heard < change && rested && left > 0) {
                left--;
                hear(seat, nowMs, round.events);
                last = at + 1;
            } else if (nowMs - seat.lastMs >= HEARTBEAT_MS && left > 0) {
                left--;
                seat.lastMs = nowMs;
                round.heartbeats.add(seat.watcher);
            }
        }
        cursor = seats.isEmpty() ? 0 : last % seats.size();
        return round;
    }

    /** It could not be told after all: it is to be tried again. */
    void missed(Seat<C> seat) {
        seat.heard = Math.min(seat.heard, change - 1);
    }

    private void hear(Seat<C> seat, long nowMs, List<C> events) {
        seat.heard = change;
        seat.lastMs = nowMs;
        events.add(seat.watcher);
    }
}
