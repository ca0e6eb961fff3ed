package io.seckill.schema.tracing;

import com.rabbitmq.client.AMQP;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The contexts of a message's traced orders, in a header beside the message, which itself says nothing of them: a table of
 * order id to W3C {@code traceparent}. Pure; safe on any thread.
 */
public final class TraceHeaders {
    /** Orders of one message whose worker's part is traced; with more, the message would be more header than orders. */
    public static final int MAX_ORDERS = 16;

    private static final String NAME = "traceparents";
    private static final String VERSION = "00";
    private static final int LENGTH = 55;

    private TraceHeaders() {}

    /** @param contexts by order id, at most {@link #MAX_ORDERS} */
    public static AMQP.BasicProperties write(AMQP.BasicProperties properties, Map<String, SpanContext> contexts) {
        Map<String, Object> table = new LinkedHashMap<>();
        contexts.forEach((orderId, context) -> table.put(orderId, text(context)));
        return properties.builder().headers(Map.of(NAME, table)).build();
    }

    /** By order id; what cannot be read is left out, since no order may fail for its trace. */
    public static Map<String, SpanContext> read(AMQP.BasicProperties properties) {
        Map<String, Object> headers = properties.getHeaders();
        if (headers == null || !(headers.get(NAME) instanceof Map<?, ?> table)) {
            return Map.of();
        }
        Map<String, SpanContext> contexts = new HashMap<>();
        for (Map.Entry<?, ?> entry : table.entrySet()) {
            SpanContext context = parse(String.valueOf(entry.getValue()));
            if (context.isValid() && contexts.size() < MAX_ORDERS) {
                contexts.put(String.valueOf(entry.getKey()), context);
            }
        }
        return contexts;
    }

    /** As W3C Trace Context has it. */
    static String text(SpanContext context) {
        return VERSION
                + '-'
                + context.getTraceId()
                + '-'
                + context.getSpanId()
                + '-'
                + context.getTraceFlags().asHex();
    }

    /**
     * Reads a {@code traceparent}.
     *
     * @return invalid if it is none
     */
    public static SpanContext parse(String traceparent) {
        if (traceparent == null
                || traceparent.length() != LENGTH
                || !traceparent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")) {
            return SpanContext.getInvalid();
        }
        // Invalid where an id is all zeros.
        return SpanContext.createFromRemoteParent(
                traceparent.substring(3, 35),
                traceparent.substring(36, 52),
                TraceFlags.fromHex(traceparent, 53),
                TraceState.getDefault());
    }
}
