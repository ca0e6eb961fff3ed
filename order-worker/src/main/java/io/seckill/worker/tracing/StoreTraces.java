package io.seckill.worker.tracing;

import com.rabbitmq.client.AMQP;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.seckill.schema.tracing.SpanTime;
import io.seckill.schema.tracing.TraceHeaders;
import io.seckill.schema.tracing.Tracing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Goes on, in this worker, with the traces that messages bring along; begins none itself. Safe on any thread. */
public final class StoreTraces {
    private final Tracing tracing;

    public StoreTraces(Tracing tracing) {
        this.tracing = tracing;
    }

    /**
     * Messages begin to be stored together.
     *
     * @param properties of a message
     */
    public <T> StoreTrace begin(List<T> messages, Function<T, AMQP.BasicProperties> properties) {
        if (!tracing.isOn()) {
            return StoreTrace.NONE;
        }
        Map<String, Span> spans = new LinkedHashMap<>();
        SpanTime time = SpanTime.now();
        for (T message : messages) {
            TraceHeaders.read(properties.apply(message)).forEach((orderId, parent) -> {
                if (parent.isSampled()) {
                    spans.computeIfAbsent(orderId, id -> store(id, parent, time));
                }
            });
        }
        return spans.isEmpty() ? StoreTrace.NONE : new StoreTrace(tracing.tracer(), spans, time);
    }

    private Span store(String orderId, SpanContext parent, SpanTime time) {
        return time.begin(
                tracing.tracer()
                        .spanBuilder("store")
                        .setParent(Context.root().with(Span.wrap(parent)))
                        .setSpanKind(SpanKind.CONSUMER)
                        .setAttribute("messaging.system", "rabbitmq")
                        .setAttribute("messaging.operation.name", "process")
                        .setAttribute(Tracing.ORDER_ID, orderId),
                time.nanoTime());
    }
}
