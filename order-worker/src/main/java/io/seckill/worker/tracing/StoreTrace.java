package io.seckill.worker.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.seckill.schema.tracing.SpanTime;
import io.seckill.schema.tracing.Tracing;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The traced orders among those that are stored together, from the beginning of their first transaction to the acks.
 * {@link #NONE} where there is none. Belongs to one context.
 */
public final class StoreTrace {
    public static final StoreTrace NONE = new StoreTrace(null, Map.of(), null);

    private static final Attempt NO_ATTEMPT = NONE.new Attempt(List.of(), 0);

    private final Tracer tracer;
    private final Map<String, Span> spans;
    private final SpanTime time;

    StoreTrace(Tracer tracer, Map<String, Span> spans, SpanTime time) {
        this.tracer = tracer;
        this.spans = spans;
        this.time = time;
    }

    /**
     * A transaction that stores some of the orders begins.
     *
     * @param orderId of a row
     */
    public <T> Attempt attempt(List<T> rows, Function<T, String> orderId) {
        return this == NONE
                ? NO_ATTEMPT
                : new Attempt(
                        rows.stream()
                                .map(orderId)
                                .map(spans::get)
                                .filter(Objects::nonNull)
                                .toList(),
                        rows.size());
    }

    /** What became of an order, as a reason of a dead letter; without a word it is stored. */
    public void refused(String orderId, String reason) {
        Span span = spans.get(orderId);
        if (span != null) {
            span.setAttribute(Tracing.OUTCOME, reason).setStatus(StatusCode.ERROR, reason);
        }
    }

    /** The trace's id as a key of a log line about an order, if that is traced. */
    public LoggingEventBuilder identify(LoggingEventBuilder line, String orderId) {
        Span span = spans.get(orderId);
        return span == null
                ? line
                : line.addKeyValue("traceId", span.getSpanContext().getTraceId());
    }

    /** Each is stored or dead-lettered, and about to be acked. */
    public void settled() {
        spans.values().forEach(span -> time.end(span));
    }

    /** They are given back to RabbitMQ. */
    public void failed(Throwable why) {
        spans.values().forEach(span -> span.setStatus(StatusCode.ERROR, String.valueOf(why.getMessage())));
        settled();
    }

    /** One transaction, as a span in each traced order's trace. */
    public final class Attempt {
        private final List<Span> transactions = new ArrayList<>();
        private final long began = System.nanoTime();

        private Attempt(List<Span> stores, int rows) {
            for (Span store : stores) {
                transactions.add(child(store, "transaction", began).setAttribute("seckill.transaction.rows", rows));
            }
        }

        /** @param affected rows, in the table and not committed yet */
        public void inserted(int affected) {
            for (Span transaction : transactions) {
                time.end(child(transaction, "INSERT orders", began).setAttribute("seckill.rows.affected", affected));
            }
        }

        public void ended(AsyncResult<?> outcome) {
            for (Span transaction : transactions) {
                if (outcome.failed()) {
                    transaction.setStatus(
                            StatusCode.ERROR, String.valueOf(outcome.cause().getMessage()));
                }
                time.end(transaction);
            }
        }

        private Span child(Span parent, String name, long beganNanos) {
            return time.begin(
                    tracer.spanBuilder(name)
                            .setParent(Context.root().with(parent))
                            .setSpanKind(SpanKind.CLIENT)
                            .setAttribute("db.system.name", "mysql"),
                    beganNanos);
        }
    }
}
