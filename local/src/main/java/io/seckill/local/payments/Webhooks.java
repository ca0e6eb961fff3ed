package io.seckill.local.payments;

import io.seckill.gateway.payment.PaymentSignature;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts events to the gateways until one of them answers 2xx: to the next one at once if one fails, and with growing pauses
 * after all have. So many posts at a time; the others queue. Used on one event loop.
 */
final class Webhooks {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final String PATH = "/api/v1/payments/events";
    private static final int MAX_POSTS = 64;
    private static final int POST_TIMEOUT_MS = 1_500;
    private static final int FIRST_PAUSE_MS = 100;
    private static final int MAX_PAUSE_MS = 2_000;

    private final Vertx vertx;
    private final HttpClient client;
    private final List<String> gateways;
    private final PaymentSignature signature;
    private final LongSupplier nowMs;
    private final int giveUpAfterMs;
    private final Queue<Delivery> queue = new ArrayDeque<>();
    private int posts;
    private int turn;
    private long lost;

    /** An event on its way. */
    private static final class Delivery {
        final Webhook webhook;
        final int firstGateway;
        final long startedNanos;
        final Promise<Void> accepted = Promise.promise();
        int attempts;

        Delivery(Webhook webhook, int firstGateway) {
            this.webhook = webhook;
            this.firstGateway = firstGateway;
            this.startedNanos = System.nanoTime();
        }
    }

    /**
     * @param gateways their shopper addresses
     * @param giveUpAfterMs how long an event is tried
     */
    Webhooks(Vertx vertx, List<String> gateways, PaymentSignature signature, LongSupplier nowMs, int giveUpAfterMs) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(MAX_POSTS));
        this.gateways = gateways;
        this.signature = signature;
        this.nowMs = nowMs;
        this.giveUpAfterMs = giveUpAfterMs;
    }

    /** Completes when a gateway took it; fails when none did for too long. */
    Future<Void> send(Webhook webhook) {
        turn = (turn + 1) % gateways.size();
        Delivery delivery = new Delivery(webhook, turn);
        enqueue(delivery);
        return delivery.accepted.future();
    }

    /** How many events were given up. */
    long lost() {
        return lost;
    }

    Future<Void> close() {
        return client.close();
    }

    private void enqueue(Delivery delivery) {
        queue.add(delivery);
        postNext();
    }

    private void postNext() {
        while (posts < MAX_POSTS && !queue.isEmpty()) {
            Delivery delivery = queue.remove();
            posts++;
            String gateway = gateways.get((delivery.firstGateway + delivery.attempts) % gateways.size());
            post(gateway, delivery.webhook.body()).onComplete(result -> {
                posts--;
                delivery.attempts++;
                if (result.succeeded()) {
                    delivery.accepted.complete();
                } else {
                    tryAgain(delivery, result.cause());
                }
                postNext();
            });
        }
    }

    private Future<Void> post(String gateway, Buffer body) {
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(gateway + PATH)
                        .setTimeout(POST_TIMEOUT_MS)
                        .putHeader("content-type", "application/json")
                        .putHeader(PaymentSignature.HEADER, signature.sign(nowMs.getAsLong(), body)))
                .compose(request -> request.send(body))
                .compose(response -> response.end().map(response.statusCode()))
                .timeout(POST_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .compose(status -> status / 100 == 2
                        ? Future.succeededFuture()
                        : Future.failedFuture(new IllegalStateException("answered " + status)));
    }

    private void tryAgain(Delivery delivery, Throwable failure) {
        if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - delivery.startedNanos) >= giveUpAfterMs) {
            lost++;
            delivery.accepted.fail(failure);
        } else if (delivery.attempts % gateways.size() != 0) {
            enqueue(delivery);
        } else {
            if (delivery.attempts == gateways.size()) {
                LOG.info("{} taken by no gateway yet: {}", delivery.webhook.id(), failure.toString());
            }
            vertx.setTimer(pauseMs(delivery.attempts / gateways.size()), timer -> enqueue(delivery));
        }
    }

    /** Doubles from round to round, with jitter over its upper half. */
    private static int pauseMs(int rounds) {
        int ceiling = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS << Math.min(rounds - 1, 10));
        return ceiling / 2 + ThreadLocalRandom.current().nextInt(ceiling / 2 + 1);
    }
}
