package io.seckill.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.function.LongSupplier;

/** Everyone who watches one thing, and how it is at the moment. Belongs to one event loop. */
final class Watchers {
    private static final class Watcher {
        private final EventStream stream;
        private Fanout.Seat<Watcher> seat;

        Watcher(EventStream stream) {
            this.stream = stream;
        }
    }

    private final StreamLimits limits;
    private final LongSupplier nowMs;
    private final Fanout<Watcher> fanout = new Fanout<>();
    private Buffer event;

    /** @param nowMs a monotonic clock */
    Watchers(StreamLimits limits, LongSupplier nowMs) {
        this.limits = limits;
        this.nowMs = nowMs;
    }

    Watchers(StreamLimits limits) {
        this(limits, () -> System.nanoTime() / 1_000_000);
    }

    /**
     * @param newest the event that tells how it is now
     * @param matters everyone is to hear of it soon
     */
    void show(Buffer newest, boolean matters) {
        event = newest;
        fanout.changed(matters);
    }

    /** Answers a request with a stream that begins with how it is now; {@code onEmpty} runs when the last one left. */
    void join(RoutingContext context, Runnable onEmpty) {
        Watcher watcher = new Watcher(EventStream.open(context.response(), event));
        watcher.seat = fanout.add(watcher, nowMs.getAsLong());
        limits.sent(1);
        context.addEndHandler(ended -> {
            fanout.remove(watcher.seat);
            if (fanout.isEmpty()) {
                onEmpty.run();
            }
        });
    }

    /**
     * Tells whose turn it is.
     *
     * @param budget see {@link Fanout#next}
     * @return how much of the budget it took
     */
    int tell(int budget) {
        long now = nowMs.getAsLong();
        Fanout.Round<Watcher> round = fanout.next(now, budget);
        int sent = 0;
        for (Watcher watcher : round.events()) {
            if (watcher.stream.send(event, now)) {
                sent++;
            } else {
                fanout.missed(watcher.seat);
                limits.stalled(watcher.stream, now);
            }
        }
        for (Watcher watcher : round.heartbeats()) {
            if (!watcher.stream.heartbeat(now)) {
                limits.stalled(watcher.stream, now);
            }
        }
        limits.sent(sent);
        return round.events().size() + round.heartbeats().size();
    }

    /** Ends all streams cleanly, now. */
    void end() {
        fanout.forEach(watcher -> watcher.stream.end());
    }
}
