package io.seckill.gateway.tracing;

import io.opentelemetry.api.trace.SpanContext;
import io.seckill.gateway.purchase.Purchase;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.tracing.TraceHeaders;
import io.seckill.schema.tracing.Tracing;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Decides which purchases are traced, and finds them again in what is made of many. Where nothing is traced, each of its
 * methods returns at once what was there before. One per event loop, used on that loop only.
 *
 * <p>Chance decides, not the shopper: whoever sends a {@code traceparent} that says "sampled" is followed, in the trace that
 * it names, but so many a second at most, and what is drawn beyond them begins a trace of its own.
 */
public final class PurchaseTraces {
    /** Purchases a second and event loop that are traced since their requests ask for it. */
    static final int MAX_ASKED_PER_SECOND = 10;

    private static final String TRACEPARENT = "traceparent";
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Tracing tracing;
    private long secondSince = System.nanoTime();
    private int askedInSecond;

    public PurchaseTraces(Tracing tracing) {
        this.tracing = tracing;
    }

    /** A purchase that goes to Redis begins; what is refused from memory is over by then. */
    public PurchaseTrace begin(HttpServerRequest request, String saleId) {
        if (!tracing.isOn()) {
            return PurchaseTrace.NONE;
        }
        SpanContext asked = TraceHeaders.parse(request.getHeader(TRACEPARENT));
        if (asked.isSampled() && mayAsk(System.nanoTime())) {
            return PurchaseTrace.begin(tracing.tracer(), asked, saleId);
        }
        return ThreadLocalRandom.current().nextDouble() < tracing.ratio()
                ? PurchaseTrace.begin(tracing.tracer(), SpanContext.getInvalid(), saleId)
                : PurchaseTrace.NONE;
    }

    /** A call of {@code reserve} was answered. */
    public void reserved(List<Purchase> purchases, long beganNanos) {
        if (tracing.isOn()) {
            purchases.forEach(purchase -> purchase.trace().reserved(purchases.size(), beganNanos));
        }
    }

    /** Those of a call's purchases that are traced and that it accepted: they travel with their lot. */
    public List<OrderTrace> in(Lot lot, List<Purchase> purchases) {
        if (!tracing.isOn()) {
            return List.of();
        }
        List<OrderTrace> traces = new ArrayList<>();
        for (Purchase purchase : purchases) {
            if (purchase.trace().isSampled()) {
                lot.orders().stream()
                        .filter(line -> line.userId().equals(purchase.userId()))
                        .findFirst()
                        .ifPresent(line -> traces.add(new OrderTrace(purchase.trace(), orderId(lot, line))));
            }
        }
        return traces;
    }

    private static String orderId(Lot lot, OrderLine line) {
        return OrderIds.of(lot.saleId(), line.userId(), line.attempt()).toString();
    }

    private boolean mayAsk(long now) {
        if (now - secondSince >= SECOND) {
            secondSince = now;
            askedInSecond = 0;
        }
        if (askedInSecond == MAX_ASKED_PER_SECOND) {
            return false;
        }
        askedInSecond++;
        return true;
    }
}
