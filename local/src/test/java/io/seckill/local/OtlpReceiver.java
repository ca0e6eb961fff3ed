package io.seckill.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector that takes traces by OTLP over HTTP and keeps them. */
final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();

    /** @param attributes of the span and of the process that it is from */
    record Received(
            String name,
            String traceId,
            String id,
            String parentId,
            long beganNanos,
            long endedNanos,
            Map<String, String> attributes) {
        String service() {
            return attributes.get("service.name");
        }

        String orderId() {
            return attributes.get("seckill.order.id");
        }
    }

    OtlpReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> spans() {
        return List.copyOf(spans);
    }

    List<Received> trace(String traceId) {
        return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            for (ResourceSpans process : request.getResourceSpansList()) {
                for (ScopeSpans scope : process.getScopeSpansList()) {
                    scope.getSpansList()
                            .forEach(span -> spans.add(
                                    received(span, process.getResource().getAttributesList())));
                }
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Received received(Span span, List<KeyValue> process) {
        Map<String, String> attributes = new HashMap<>();
        process.forEach(pair -> attributes.put(pair.getKey(), text(pair.getValue())));
        span.getAttributesList().forEach(pair -> attributes.put(pair.getKey(), text(pair.getValue())));
        HexFormat hex = HexFormat.of();
        return new Received(
                span.getName(),
                hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()),
                hex.formatHex(span.getParentSpanId().toByteArray()),
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                attributes);
    }

    private static String text(AnyValue value) {
        return value.hasStringValue() ? value.getStringValue() : Long.toString(value.getIntValue());
    }
}
