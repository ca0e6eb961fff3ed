package io.seckill.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What visitors do, in Gatling's words. Every answer goes to {@link Answers}; here is decided only what a shopper's client
 * decides: whether to come back, and when.
 */
final class Shoppers {
    private static final String ASK = "ask";
    private static final String STATUS = "status";
    private static final String BODY = "body";
    private static final String RETRY_AFTER = "retryAfter";
    private static final String REPLAYED = "replayed";
    private static final int ACCEPTED = 202;
    private static final int TOO_MANY = 429;
    private static final int BUSY = 503;
    private static final long WITHOUT_WORD_MICROS = TimeUnit.MILLISECONDS.toMicros(500);
    private static final long LONGEST_PAUSE_MICROS = TimeUnit.SECONDS.toMicros(5);
    private static final long SHORTEST_THOUGHT_MICROS = TimeUnit.MILLISECONDS.toMicros(200);
    private static final long LOOK_MICROS = TimeUnit.MILLISECONDS.toMicros(200);
    private static final int LOOKS = 25;

    private final Clock clock;
    private final Answers answers;
    private final List<String> gateways;
    private final int attempts;

    /** @param attempts of a purchase that is answered with 429 or 503, or not at all */
    Shoppers(Clock clock, Answers answers, List<String> gateways, int attempts) {
        this.clock = clock;
        this.answers = answers;
        this.gateways = gateways;
        this.attempts = attempts;
    }

    /** Buyers of another sale, before the clock starts; Gatling's report leaves them out. */
    ChainBuilder warmUp(List<Visit> visits) {
        AtomicInteger next = new AtomicInteger();
        return exec(session -> {
                    Ask ask = new Ask(visits.get(next.getAndIncrement()));
                    ask.next(clock.micros());
                    return session.set(ASK, ask);
                })
                .exec(send("warm", buying("warm-up").silent()));
    }

    /** Everybody of the plan, each at its time. */
    ChainBuilder visitors(List<Visit> visits) {
        AtomicInteger next = new AtomicInteger();
        return exec(session -> {
                    clock.start();
                    return session.set(ASK, new Ask(visits.get(next.getAndIncrement())));
                })
                .exec(doIf(session -> ask(session).visit().act() != Visit.Act.BUY)
                        .then(send("look", looking()), exec(this::think)))
                .exec(doIf(session -> ask(session).visit().act() != Visit.Act.LOOK)
                        .then(asLongAs(session -> ask(session).again())
                                .on(send("buy", buying("buy")), exec(this::comeBack))))
                .exec(doIf(session -> ask(session).visit().act() == Visit.Act.SHOP
                                && !ask(session).orderId().isEmpty())
                        .then(
                                exec(this::lookAfter),
                                asLongAs(session -> ask(session).again())
                                        .on(send("order", lookingAfter()), exec(this::lookAgain))));
    }

    private ChainBuilder send(String what, HttpRequestActionBuilder request) {
        return exec(pause(session -> clock.until(ask(session).intendedMicros())))
                .exec(session -> {
                    answers.sent();
                    ask(session).sent(clock.micros());
                    return session.markAsSucceeded().removeAll(STATUS, BODY, RETRY_AFTER, REPLAYED);
                })
                .exec(request.check(status().saveAs(STATUS), bodyString().saveAs(BODY)))
                .exec(session -> {
                    answers.answered(
                            what,
                            ask(session),
                            clock.micros(),
                            statusOf(session),
                            session.contains(REPLAYED),
                            session.contains(BODY) ? session.getString(BODY) : "");
                    return session;
                });
    }

    private HttpRequestActionBuilder looking() {
        return http("look at the sale")
                .get(session -> gateway(session) + "/api/v1/sales/"
                        + ask(session).visit().saleId())
                .check(status().is(200));
    }

    private HttpRequestActionBuilder buying(String name) {
        return http(name)
                .post(session -> gateway(session) + "/api/v1/sales/"
                        + ask(session).visit().saleId() + "/orders")
                .header("Authorization", session -> ask(session).visit().authorization())
                .check(
                        status().in(ACCEPTED, 409, TOO_MANY, BUSY),
                        header("Retry-After").optional().saveAs(RETRY_AFTER),
                        header("Idempotent-Replayed").optional().saveAs(REPLAYED));
    }

    private HttpRequestActionBuilder lookingAfter() {
        return http("look after the order")
                .get(session ->
                        gateway(session) + "/api/v1/orders/" + ask(session).orderId())
                .header("Authorization", session -> ask(session).visit().authorization())
                .check(status().is(200));
    }

    /** 200 ms to a second, the same for the same visitor. */
    private Session think(Session session) {
        Ask ask = ask(session);
        long thought = SHORTEST_THOUGHT_MICROS * (1 + Math.floorMod(ask.visit().number() * 31, 5));
        ask.next(clock.micros() + thought);
        ask.turn();
        return session;
    }

    private Session comeBack(Session session) {
        Ask ask = ask(session);
        int status = statusOf(session);
        if (status == ACCEPTED) {
            ask.accepted(orderId(session.getString(BODY)));
        }
        boolean busy = status == 0 || status == TOO_MANY || status == BUSY;
        ask.again(busy && ask.attempts() < attempts);
        if (ask.again()) {
            long pause = pauseMicros(session);
            // Up to a quarter more, so that those refused together do not come back together.
            long spread = pause * Math.floorMod(ask.visit().number() * 31 + ask.attempts(), 100) / 400;
            ask.next(clock.micros() + pause + spread);
        }
        return session;
    }

    private Session lookAfter(Session session) {
        Ask ask = ask(session);
        ask.turn();
        ask.next(clock.micros());
        return session;
    }

    private Session lookAgain(Session session) {
        Ask ask = ask(session);
        boolean queued = statusOf(session) == 200 && session.getString(BODY).contains("\"queued\"");
        ask.again(queued && ask.attempts() < LOOKS);
        ask.next(clock.micros() + LOOK_MICROS);
        return session;
    }

    private static long pauseMicros(Session session) {
        String seconds =
                session.contains(RETRY_AFTER) ? session.getString(RETRY_AFTER).trim() : "";
        return seconds.matches("[0-9]{1,4}")
                ? Math.min(LONGEST_PAUSE_MICROS, Math.max(1, TimeUnit.SECONDS.toMicros(Long.parseLong(seconds))))
                : WITHOUT_WORD_MICROS;
    }

    /** Cut out and not parsed: the first member of an order. */
    private static String orderId(String body) {
        String key = "\"id\":\"";
        int at = body.indexOf(key);
        int end = at < 0 ? -1 : body.indexOf('"', at + key.length());
        return end < 0 ? "" : body.substring(at + key.length(), end);
    }

    private String gateway(Session session) {
        return gateways.get(ask(session).visit().number() % gateways.size());
    }

    private static Ask ask(Session session) {
        return session.get(ASK);
    }

    private static int statusOf(Session session) {
        return session.contains(STATUS) ? session.getInt(STATUS) : 0;
    }
}
