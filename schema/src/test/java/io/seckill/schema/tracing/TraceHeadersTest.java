package io.seckill.schema.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.rabbitmq.client.AMQP;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.seckill.schema.amqp.Topology;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceHeadersTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final SpanContext CONTEXT =
            SpanContext.createFromRemoteParent(TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault());

    @Test
    void shouldWriteWhatItReads() {
        AMQP.BasicProperties plain = Topology.orderBatchProperties();
        AMQP.BasicProperties written = TraceHeaders.write(plain, Map.of("order-1", CONTEXT));

        assertEquals(Map.of("order-1", CONTEXT), TraceHeaders.read(written));
        assertEquals(
                Map.of("traceparents", Map.of("order-1", "00-" + TRACE + "-" + SPAN + "-01")), written.getHeaders());
        assertEquals(plain.getType(), written.getType());
        assertEquals(plain.getDeliveryMode(), written.getDeliveryMode());
        assertEquals(Map.of(), TraceHeaders.read(plain));
    }

    @Test
    void shouldReadNoMoreThanAMessageMayCarry() {
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i < 2 * TraceHeaders.MAX_ORDERS; i++) {
            many.put("order-" + i, TraceHeaders.text(CONTEXT));
        }
        assertEquals(
                TraceHeaders.MAX_ORDERS,
                TraceHeaders.read(with("traceparents", many)).size());
    }

    @Test
    void shouldLeaveOutWhatItCannotRead() {
        assertEquals(Map.of(), TraceHeaders.read(with("traceparents", "a text")));
        assertEquals(Map.of(), TraceHeaders.read(with("other", Map.of("order-1", TraceHeaders.text(CONTEXT)))));
        assertEquals(
                Map.of("order-2", CONTEXT),
                TraceHeaders.read(with("traceparents", Map.of("order-1", "x", "order-2", TraceHeaders.text(CONTEXT)))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-" + TRACE + "-" + SPAN,
                "01-" + TRACE + "-" + SPAN + "-01",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "-zz"
            })
    void shouldTakeNothingElseForATraceparent(String text) {
        assertFalse(TraceHeaders.parse(text).isValid());
    }

    private static AMQP.BasicProperties with(String name, Object value) {
        return Topology.orderBatchProperties()
                .builder()
                .headers(Map.of(name, value))
                .build();
    }
}
