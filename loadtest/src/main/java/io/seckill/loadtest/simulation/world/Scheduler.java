package io.seckill.loadtest.simulation.world;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;

/** Virtual time: what is to happen, in the order of its instants, one thing at a time. Nothing here ever waits. */
public final class Scheduler {
    /** Something that will happen, unless it is cancelled or its process is gone. */
    public static final class Event implements Comparable<Event> {
        private final ProcessLife process;
        private final Object lane;
        private final Runnable action;
        private long nanos;
        private long number;
        private boolean cancelled;

        private Event(ProcessLife process, Object lane, Runnable action) {
            this.process = process;
            this.lane = lane;
            this.action = action;
        }

        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Chance chance;
    private long nanos = 1_000_000_000L;
    private long number;
    private long digest;
    private ProcessLife current;

    Scheduler(Chance chance) {
        this.chance = chance;
    }

    public long nanos() {
        return nanos;
    }

    public long steps() {
        return number;
    }

    long digest() {
        return digest;
    }

    /** The process whose code runs now, or null. */
    public ProcessLife current() {
        return current;
    }

    /**
     * @param process to which it happens, or null for the world outside; it does not happen once that is dead, and later
     *     if that is stopped
     * @param lane what shares a lane keeps its order even when a stopped process goes on
     */
    public Event in(long delayNanos, ProcessLife process, Object lane, Runnable action) {
        Event event = new Event(process, lane, action);
        put(event, nanos + Math.max(0, delayNanos));
        return event;
    }

    private void put(Event event, long at) {
        event.nanos = event.process == null ? at : event.process.inTurn(event.lane, at, nanos);
        event.number = ++number;
        events.add(event);
    }

    /** Runs one step. @return false if there is none until that instant; then it is that instant */
    boolean step(long untilNanos) {
        Event next = events.peek();
        if (next == null || next.nanos > untilNanos) {
            nanos = Math.max(nanos, untilNanos);
            return false;
        }
        events.poll();
        nanos = next.nanos;
        if (next.cancelled || (next.process != null && !next.process.isAlive())) {
            return true;
        }
        if (next.process != null && next.process.isStopped()) {
            next.process.put(next);
            return true;
        }
        digest = digest * 31 + next.nanos + (next.process == null ? 0 : next.process.number());
        run(next.process, next.action);
        return true;
    }

    void run(ProcessLife process, Runnable action) {
        ProcessLife before = current;
        current = process;
        try {
            action.run();
        } finally {
            current = before;
        }
    }

    /**
     * What came for a process while it was stopped now comes at once: first what was in its own queues already, then its
     * timers and its connections, in any order among each other. What is still on its way on such a lane stays behind.
     */
    void resume(ProcessLife process, List<Event> waiting, Object firstLane) {
        IdentityHashMap<Object, List<Event>> byLane = new IdentityHashMap<>();
        List<Object> lanes = new ArrayList<>();
        for (Event event : waiting) {
            byLane.computeIfAbsent(event.lane, lane -> {
                        lanes.add(lane);
                        return new ArrayList<>();
                    })
                    .add(event);
        }
        for (Object lane : lanes) {
            List<Event> behind = onTheirWay(process, lane);
            events.removeAll(behind);
            process.startLane(lane, nanos + (lane == firstLane ? 0 : 1 + chance.upTo(1_000_000)));
            byLane.get(lane).forEach(event -> put(event, nanos));
            behind.forEach(event -> put(event, event.nanos));
        }
    }

    private List<Event> onTheirWay(ProcessLife process, Object lane) {
        return events.stream()
                .filter(event -> event.process == process && event.lane == lane)
                .sorted()
                .toList();
    }
}
