package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Makes a sale for a run as an operator would, and waits until shoppers see it open on every gateway. */
public final class DemoSale {

    private static final Duration UNTIL_START = Duration.ofSeconds(1);
    private static final Duration LENGTH = Duration.ofHours(1);
    private static final long LOOK_MS = 100;

    private final Vertx vertx;
    private final StackApi api;
    private final List<String> gateways;

    public DemoSale(Vertx vertx, StackApi api, List<String> gateways) {
        this.vertx = vertx;
        this.api = api;
        this.gateways = gateways;
    }

    /** Makes the sale and returns its id. */
    public Future<String> create(String title, int units, int paymentWindowSeconds) {
        return create(title, "Made by a run of the load generator.", units, paymentWindowSeconds, UNTIL_START);
    }

    /** The same for a sale that somebody is to look at before it opens. */
    Future<String> create(String title, String description, int units, int paymentWindowSeconds, Duration untilStart) {
        return api.serverTime(gateways.get(0))
                .map(now -> now.plus(untilStart).truncatedTo(ChronoUnit.MILLIS))
                .compose(start -> api.createSale(body(title, description, units, paymentWindowSeconds, start)))
                .map(sale -> sale.getString("id"));
    }

    private static JsonObject body(
            String title, String description, int units, int paymentWindowSeconds, Instant start) {
        return new JsonObject()
                .put("title", title)
                .put("description", description)
                .put("stock", units)
                .put("price", new JsonObject().put("amount", 990).put("currency", "CNY"))
                .put("maxPerUser", 1)
                .put("startsAt", start.toString())
                .put("endsAt", start.plus(LENGTH).toString())
                .put("paymentWindowSeconds", paymentWindowSeconds);
    }

    /** Completes when all gateways show the sale open; fails if one does not within the patience. */
    public Future<Void> open(String saleId, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        return Future.all(gateways.stream()
                        .map(gateway -> openOn(gateway, saleId, deadline))
                        .toList())
                .mapEmpty();
    }

    private Future<Void> openOn(String gateway, String saleId, long deadline) {
        return api.sale(gateway, saleId).transform(answer -> {
            String state = answer.succeeded()
                    ? answer.result().getString("state")
                    : answer.cause().getMessage();
            if ("open".equals(state)) {
                return Future.succeededFuture();
            }
            if (System.nanoTime() - deadline > 0) {
                return Future.failedFuture(
                        new TimeoutException("the sale did not open on " + gateway + " in time, last seen: " + state));
            }
            Promise<Void> pause = Promise.promise();
            vertx.setTimer(LOOK_MS, id -> pause.complete());
            return pause.future().compose(v -> openOn(gateway, saleId, deadline));
        });
    }
}
