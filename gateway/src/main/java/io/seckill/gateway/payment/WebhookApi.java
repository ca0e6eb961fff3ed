package io.seckill.gateway.payment;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.seckill.gateway.http.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the payment provider tells of payments. A signature over the raw body opens it and nothing else: no token of a
 * shopper's or an operator's. Whatever is answered with 2xx need not be sent again.
 */
public final class WebhookApi {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookApi.class);
    private static final int MAX_BODY_BYTES = 16_384;
    private static final String UNSIGNED = "unsigned";
    private static final String INVALID = "invalid";
    private static final String FAILED = "failed";

    private final PaymentEvents events;
    private final PaymentSignature signature;
    private final LongSupplier nowMs;
    private final Map<String, Counter> outcomes = new HashMap<>();

    /** @param nowMs the servers' clock */
    public WebhookApi(PaymentEvents events, PaymentSignature signature, LongSupplier nowMs, MeterRegistry registry) {
        this.events = events;
        this.signature = signature;
        this.nowMs = nowMs;
        count(registry, UNSIGNED);
        count(registry, INVALID);
        count(registry, FAILED);
        for (PaymentEvents.Taken taken : PaymentEvents.Taken.values()) {
            count(registry, outcome(taken));
        }
    }

    private void count(MeterRegistry registry, String outcome) {
        outcomes.put(
                outcome,
                Counter.builder("seckill.gateway.payment.events")
                        .description("Payment events by what became of them")
                        .tag("outcome", outcome)
                        .register(registry));
    }

    private static String outcome(PaymentEvents.Taken taken) {
        return taken.name().toLowerCase(Locale.ROOT);
    }

    public void mount(Router router) {
        router.post("/api/v1/payments/events")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::take);
    }

    private void take(RoutingContext context) {
        Buffer body = context.body().buffer() == null
                ? Buffer.buffer()
                : context.body().buffer();
        if (!signature.isGood(context.request().getHeader(PaymentSignature.HEADER), body, nowMs.getAsLong())) {
            count(UNSIGNED);
            Problem.UNAUTHENTICATED.send(context.response());
            return;
        }
        PaymentEvent event;
        try {
            event = PaymentEvent.read(body);
        } catch (IllegalArgumentException e) {
            count(INVALID);
            Problem.invalid(e.getMessage()).send(context.response());
            return;
        }
        events.take(event)
                .onSuccess(taken -> {
                    count(outcome(taken));
                    if (taken == PaymentEvents.Taken.TOO_EARLY) {
                        Problem.OVERLOADED.send(context.response());
                    } else {
                        context.response().setStatusCode(200).end();
                    }
                })
                .onFailure(e -> {
                    count(FAILED);
                    LOG.atWarn()
                            .addKeyValue("eventId", event.id())
                            .addKeyValue("orderId", event.orderId())
                            .log("payment event: {}", e.getMessage());
                    Problem.OVERLOADED.send(context.response());
                });
    }

    private void count(String outcome) {
        outcomes.get(outcome).increment();
    }
}
