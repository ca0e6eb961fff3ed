package io.seckill.schema.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A trace's place in time: what is measured by the monotonic clock, as nanoseconds since 1970. The clock of the day is asked
 * once a trace, so that it can bend none.
 */
public record SpanTime(long epochNanos, long nanoTime) {

    public static SpanTime now() {
        Instant now = Instant.now();
        return new SpanTime(TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano(), System.nanoTime());
    }

    /** A span that began at a time of {@link System#nanoTime}. */
    public Span begin(SpanBuilder span, long nanos) {
        return span.setStartTimestamp(at(nanos), TimeUnit.NANOSECONDS).startSpan();
    }

    /** Ends it now. */
    public void end(Span span) {
        span.end(at(System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private long at(long nanos) {
        return epochNanos + nanos - nanoTime;
    }
}
