package io.seckill.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** How many streams one event loop holds open, and what became of them. Belongs to one event loop; gauges read it. */
public final class StreamLimits {
    private final int maxStreams;
    private final long stallMs;
    private final Counter events;
    private final Counter postponed;
    private final Counter cut;
    private final Counter refused;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param maxStreams most open streams of both kinds
     * @param stallMs a client that takes nothing in for so long is cut off
     * @param loop tag of the event loop
     */
    public StreamLimits(int maxStreams, long stallMs, MeterRegistry registry, String loop) {
        this.maxStreams = maxStreams;
        this.stallMs = stallMs;
        this.events = counter(registry, "seckill.gateway.stream.events", "Events sent to open streams");
        this.postponed =
                counter(registry, "seckill.gateway.stream.postponed", "Events kept back from clients without room");
        this.cut = counter(registry, "seckill.gateway.streams.cut", "Streams closed because the client did not read");
        this.refused = counter(registry, "seckill.gateway.streams.refused", "Streams refused because there are enough");
        Gauge.builder("seckill.gateway.streams.open", open, AtomicInteger::get)
                .description("Open streams")
                .tag("loop", loop)
                .register(registry);
        Gauge.builder("seckill.gateway.streams.limit", () -> maxStreams)
                .description("Most open streams")
                .tag("loop", loop)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** Takes a place; false if there is none. */
    boolean enter() {
        if (open.get() >= maxStreams) {
            refused.increment();
            return false;
        }
        open.incrementAndGet();
        return true;
    }

    void refuse() {
        refused.increment();
    }

    void leave() {
        open.decrementAndGet();
    }

    void sent(int count) {
        events.increment(count);
    }

    /** Cuts a client off that has had no room for too long. */
    void stalled(EventStream stream, long nowMs) {
        postponed.increment();
        if (stream.stalledMs(nowMs) >= stallMs) {
            cut.increment();
            stream.cut();
        }
    }
}
