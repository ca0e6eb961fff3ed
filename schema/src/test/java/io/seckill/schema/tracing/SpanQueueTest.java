package io.seckill.schema.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.seckill.schema.testing.Await;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanQueueTest {
    private final Collector collector = new Collector();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(new SpanQueue(collector).bindTo(registry))
            .build();

    @AfterEach
    void shutdown() {
        collector.closed = true;
        collector.asked.forEach(CompletableResultCode::succeed);
        provider.shutdown();
    }

    @Test
    void shouldDropAndCountWhatASlowCollectorLeavesNoRoomFor() throws Exception {
        end(SpanQueue.MAX_SPANS + 7);
        assertEquals(7, count("dropped"));

        collector.asked.take().succeed();
        Await.until("some are with the collector", () -> count("exported") > 0);
        int room = count("exported");
        end(room + 1);
        assertEquals(8, count("dropped"));
    }

    @Test
    void shouldCountWhatTheCollectorDidNotTake() throws Exception {
        end(3);
        collector.asked.take().fail();
        Await.until("they are counted", () -> count("failed") == 3);
        assertEquals(0, count("exported"));
    }

    private void end(int spans) {
        for (int i = 0; i < spans; i++) {
            provider.get("test").spanBuilder("span").startSpan().end();
        }
    }

    private int count(String outcome) {
        return (int) registry.get("seckill.trace.spans")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    /** Answers when the test says so. */
    private static final class Collector implements SpanExporter {
        final BlockingQueue<CompletableResultCode> asked = new LinkedBlockingQueue<>();
        volatile boolean closed;

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            if (closed) {
                return CompletableResultCode.ofSuccess();
            }
            CompletableResultCode answer = new CompletableResultCode();
            asked.add(answer);
            return answer;
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
