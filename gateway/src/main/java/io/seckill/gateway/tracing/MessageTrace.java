package io.seckill.gateway.tracing;

import com.rabbitmq.client.AMQP;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.seckill.schema.tracing.TraceHeaders;
import io.seckill.schema.tracing.Tracing;
import io.vertx.core.AsyncResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One message on its way to RabbitMQ: a span for each traced order in it. One without any is the same for all. */
public final class MessageTrace {
    private static final MessageTrace NONE = new MessageTrace(Map.of());

    private final Map<OrderTrace, Span> spans;

    private MessageTrace(Map<OrderTrace, Span> spans) {
        this.spans = spans;
    }

    /**
     * A message leaves now.
     *
     * @param parts what it is made of
     * @param traces of the traced orders of a part
     * @param orders in the message, traced or not
     */
    public static <T> MessageTrace leaving(List<T> parts, Function<T, List<OrderTrace>> traces, int orders) {
        Map<OrderTrace, Span> spans = null;
        long now = System.nanoTime();
        for (T part : parts) {
            for (OrderTrace order : traces.apply(part)) {
                spans = spans == null ? new LinkedHashMap<>() : spans;
                Span span = order.purchase().child("publish", SpanKind.PRODUCER, now);
                span.setAttribute("messaging.system", "rabbitmq")
                        .setAttribute("messaging.operation.name", "publish")
                        .setAttribute("messaging.batch.message_count", orders)
                        .setAttribute(Tracing.ORDER_ID, order.orderId());
                spans.put(order, span);
            }
        }
        return spans == null ? NONE : new MessageTrace(spans);
    }

    /** The message's properties, with the contexts of the first of its traced orders. */
    public AMQP.BasicProperties properties(AMQP.BasicProperties plain) {
        if (this == NONE) {
            return plain;
        }
        Map<String, SpanContext> carried = new LinkedHashMap<>();
        spans.forEach((order, span) -> {
            if (carried.size() < TraceHeaders.MAX_ORDERS) {
                carried.put(order.orderId(), span.getSpanContext());
            }
        });
        return TraceHeaders.write(plain, carried);
    }

    public void confirmed(AsyncResult<Void> done) {
        spans.forEach((order, span) -> {
            if (done.failed()) {
                span.setStatus(StatusCode.ERROR, "unconfirmed");
            }
            order.purchase().end(span);
        });
    }
}
