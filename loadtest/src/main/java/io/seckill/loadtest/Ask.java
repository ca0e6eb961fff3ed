package io.seckill.loadtest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.concurrent.TimeUnit;

/**
 * One request of one buyer, with its retries: what a decent client does with each {@link Reply}. One object serves all
 * attempts. Results go to the {@link Buyer} and the {@link Tally} of its {@link Rush}.
 */
final class Ask {

    private static final Buffer BODY = Buffer.buffer("{\"quantity\":1}");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence REPLAYED = HttpHeaders.createOptimized("idempotent-replayed");
    private static final long RETRY_WITHOUT_WORD_MS = 500;
    private static final long SHORTEST_RETRY_MS = 20;
    private static final long LONGEST_RETRY_MS = 30_000;

    private final Rush rush;
    private final Buyer buyer;
    private final String authorization;
    private int gateway;
    private int attempts;
    private long intendedAt;
    /** The last reply was outcome_unknown: a later definite answer settles it. */
    private boolean unknown;
    /** A request was lost on the way: no later answer of another one tells what became of it. */
    private boolean lost;

    Ask(Rush rush, Buyer buyer, String authorization, int gateway) {
        this.rush = rush;
        this.buyer = buyer;
        this.authorization = authorization;
        this.gateway = gateway;
        this.intendedAt = buyer.arrivesAt;
    }

    void send() {
        if (rush.isOver()) {
            return;
        }
        attempts++;
        rush.tally().sent();
        rush.request(gateway).onComplete(this::connected, this::unconnected);
    }

    private void connected(HttpClientRequest request) {
        request.putHeader(HttpHeaders.AUTHORIZATION, authorization).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        request.send(BODY).onComplete(this::head, this::unanswered);
    }

    private void head(HttpClientResponse response) {
        response.body().onComplete(body -> replied(response, body), this::unanswered);
    }

    private void replied(HttpClientResponse response, Buffer body) {
        if (rush.isOver()) {
            return;
        }
        Reply reply = Reply.of(response.statusCode(), body);
        long now = System.nanoTime();
        Tally tally = rush.tally();
        switch (reply.kind()) {
            case ACCEPTED -> {
                boolean replay = "true".equalsIgnoreCase(response.getHeader(REPLAYED));
                tally.accepted(now, intendedAt, replay, buyer.accepted(reply.detail()));
                unknown = false;
                settle(now, Buyer.Ending.ANSWERED);
            }
            case REFUSED -> {
                tally.refused(now, intendedAt, reply.detail());
                unknown = false;
                settle(now, Buyer.Ending.ANSWERED);
            }
            case BUSY -> {
                tally.refused(now, intendedAt, reply.detail());
                retryOrSettle(now, pause(response), Buyer.Ending.TURNED_AWAY);
            }
            case UNKNOWN -> {
                tally.refused(now, intendedAt, reply.detail());
                unknown = true;
                // Not counted: the client holds an order id and asks until it knows, or the rush is over.
                attempts--;
                retryAfter(pause(response));
            }
            case ERROR -> {
                tally.error(now, reply.detail(), true);
                lost = true;
                elsewhere(now);
            }
            case HOPELESS -> {
                tally.error(now, reply.detail(), true);
                settle(now, Buyer.Ending.ANSWERED);
            }
        }
    }

    /** Nothing was sent, so nothing can have come of it. */
    private void unconnected(Throwable cause) {
        if (rush.isOver()) {
            return;
        }
        long now = System.nanoTime();
        rush.tally().error(now, "no connection: " + cause.getClass().getSimpleName(), false);
        elsewhere(now);
    }

    private void unanswered(Throwable cause) {
        if (rush.isOver()) {
            return;
        }
        long now = System.nanoTime();
        rush.tally().error(now, "no reply: " + cause.getClass().getSimpleName(), false);
        lost = true;
        elsewhere(now);
    }

    /** Another gateway may well live: a client behind a load balancer would land there, too. */
    private void elsewhere(long now) {
        gateway++;
        retryOrSettle(now, RETRY_WITHOUT_WORD_MS, Buyer.Ending.UNRESOLVED);
    }

    private void retryOrSettle(long now, long pauseMs, Buyer.Ending ending) {
        if (attempts < rush.plan().limits().maxAttempts()) {
            retryAfter(pauseMs);
        } else {
            settle(now, unknown ? Buyer.Ending.UNRESOLVED : ending);
        }
    }

    private void retryAfter(long pauseMs) {
        // Up to a quarter more, so that those refused together do not come back together. By the name, so that two
        // runs of one plan are alike.
        long spread = pauseMs * Math.floorMod(buyer.user.hashCode() * 31 + attempts, 100) / 400;
        long delay = pauseMs + spread;
        intendedAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay);
        rush.timer(delay, this::send);
    }

    private void settle(long now, Buyer.Ending ending) {
        if (buyer.settled(ending, unknown || lost)) {
            rush.tally().settled(now, buyer.arrivesAt);
            rush.buyerSettled();
        }
    }

    private static long pause(HttpClientResponse response) {
        String seconds = response.getHeader(HttpHeaders.RETRY_AFTER);
        if (seconds == null) {
            return RETRY_WITHOUT_WORD_MS;
        }
        try {
            long millis = TimeUnit.SECONDS.toMillis(Long.parseLong(seconds.trim()));
            return Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, millis));
        } catch (NumberFormatException e) {
            // The other form is a date; nobody sends it for a pause of seconds.
            return RETRY_WITHOUT_WORD_MS;
        }
    }
}
