package io.seckill.gateway.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.purchase.Purchase;
import io.seckill.schema.tracing.SpanTime;
import io.seckill.schema.tracing.Tracing;
import java.util.Set;

/** The spans of one purchase. {@link #NONE} stands for all that are not traced. Belongs to one event loop. */
public final class PurchaseTrace {
    public static final PurchaseTrace NONE = new PurchaseTrace(null, Span.getInvalid(), null);

    private static final int ACCEPTED = 202;
    private static final int FAILED = 500;
    // Answers that name an order.
    private static final Set<String> ORDERED = Set.of(Problem.OUTCOME_UNKNOWN, Problem.ALREADY_PURCHASED);

    private final Tracer tracer;
    private final Span span;
    private final SpanTime time;

    private PurchaseTrace(Tracer tracer, Span span, SpanTime time) {
        this.tracer = tracer;
        this.span = span;
        this.time = time;
    }

    /** @param parent whose trace it continues; invalid if it is to have its own */
    static PurchaseTrace begin(Tracer tracer, SpanContext parent, String saleId) {
        SpanTime time = SpanTime.now();
        Span span = time.begin(
                tracer.spanBuilder("POST /api/v1/sales/{saleId}/orders")
                        .setParent(Context.root().with(Span.wrap(parent)))
                        .setSpanKind(SpanKind.SERVER)
                        .setAttribute("http.request.method", "POST")
                        .setAttribute("http.route", "/api/v1/sales/{saleId}/orders")
                        .setAttribute(Tracing.SALE_ID, saleId),
                time.nanoTime());
        return new PurchaseTrace(tracer, span, time);
    }

    boolean isSampled() {
        return this != NONE;
    }

    /** @param purchases that shared the call */
    void reserved(int purchases, long beganNanos) {
        if (isSampled()) {
            Span reserve = child("reserve", SpanKind.CLIENT, beganNanos);
            reserve.setAttribute("db.system.name", "redis")
                    .setAttribute("db.operation.name", "FCALL")
                    .setAttribute("db.operation.batch.size", purchases);
            time.end(reserve);
        }
    }

    public void accepted(Purchase purchase, boolean replayed) {
        answered(purchase, replayed ? "replayed" : "accepted", ACCEPTED);
    }

    public void refused(Purchase purchase, Problem problem) {
        answered(purchase, problem.code(), problem.status());
    }

    private void answered(Purchase purchase, String outcome, int status) {
        if (!isSampled()) {
            return;
        }
        if (status == ACCEPTED || ORDERED.contains(outcome)) {
            span.setAttribute(Tracing.ORDER_ID, purchase.orderId().toString());
        }
        if (status >= FAILED) {
            span.setStatus(StatusCode.ERROR, outcome);
        }
        span.setAttribute(Tracing.OUTCOME, outcome).setAttribute("http.response.status_code", status);
        time.end(span);
    }

    /** Of {@link #NONE} there is none. */
    Span child(String name, SpanKind kind, long beganNanos) {
        return time.begin(
                tracer.spanBuilder(name).setParent(Context.root().with(span)).setSpanKind(kind), beganNanos);
    }

    void end(Span child) {
        time.end(child);
    }
}
