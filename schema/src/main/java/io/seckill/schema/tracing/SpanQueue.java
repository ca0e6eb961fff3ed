package io.seckill.schema.tracing;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What ended and is not with the collector yet: so many spans at most, and each that is one too many is dropped and counted,
 * which the library's own queue keeps to itself. Nobody waits for it: the collector is spoken to on a thread of the library.
 */
final class SpanQueue implements SpanProcessor {
    static final int MAX_SPANS = 4_096;

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong exported = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final SpanProcessor batches;

    SpanQueue(SpanExporter exporter) {
        batches = BatchSpanProcessor.builder(new Counted(exporter))
                .setMaxQueueSize(MAX_SPANS)
                .setScheduleDelay(EVERY)
                .build();
    }

    SpanQueue bindTo(MeterRegistry registry) {
        bind(registry, exported, failed, dropped);
        return this;
    }

    /** The same series where there is no queue: one that appears with its first count shows no increase. */
    static void bindNone(MeterRegistry registry) {
        bind(registry, new AtomicLong(), new AtomicLong(), new AtomicLong());
    }

    private static void bind(MeterRegistry registry, AtomicLong exported, AtomicLong failed, AtomicLong dropped) {
        count(registry, "exported", exported);
        count(registry, "failed", failed);
        count(registry, "dropped", dropped);
    }

    private static void count(MeterRegistry registry, String outcome, AtomicLong count) {
        FunctionCounter.builder("seckill.trace.spans", count, AtomicLong::get)
                .description(
                        "Spans by what became of them; dropped where the collector is too slow, failed where it is away")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        batches.onStart(parent, span);
    }

    @Override
    public boolean isStartRequired() {
        return batches.isStartRequired();
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (held.incrementAndGet() > MAX_SPANS) {
            held.decrementAndGet();
            dropped.incrementAndGet();
        } else {
            batches.onEnd(span);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode shutdown() {
        return batches.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
        return batches.forceFlush();
    }

    private final class Counted implements SpanExporter {
        private final SpanExporter exporter;

        Counted(SpanExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            CompletableResultCode result = exporter.export(spans);
            return result.whenComplete(() -> {
                held.addAndGet(-spans.size());
                (result.isSuccess() ? exported : failed).addAndGet(spans.size());
            });
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }
}
