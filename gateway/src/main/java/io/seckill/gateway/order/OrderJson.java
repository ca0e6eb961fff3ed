package io.seckill.gateway.order;

import io.seckill.schema.message.Lot;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** An order as the API shows it. */
public record OrderJson(
        String id, String saleId, String userId, int quantity, String state, Instant createdAt, Instant payBy) {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    public static final String QUEUED = "queued";
    public static final String PENDING_PAYMENT = "pending_payment";
    public static final String PAID = "paid";
    public static final String CANCELLED = "cancelled";

    /** The order that a confirmed purchase promises; MySQL need not have it yet. */
    public static OrderJson queued(String id, String userId, int quantity, Lot lot) {
        return new OrderJson(id, lot.saleId(), userId, quantity, QUEUED, lot.createdAt(), lot.payBy());
    }

    public OrderJson as(String otherState) {
        return new OrderJson(id, saleId, userId, quantity, otherState, createdAt, payBy);
    }

    /** Accepted, and not ended unpaid. */
    public boolean isActive() {
        return state.equals(QUEUED) || state.equals(PENDING_PAYMENT) || state.equals(PAID);
    }

    public JsonObject json() {
        return new JsonObject()
                .put("id", id)
                .put("saleId", saleId)
                .put("userId", userId)
                .put("quantity", quantity)
                .put("state", state)
                .put("createdAt", createdAt.toString())
                .put("payBy", payBy.toString());
    }

    /**
     * Answers 202: a promise, so only after the confirm.
     *
     * @return succeeds when it is sent
     */
    public Future<Void> accept(HttpServerResponse response, boolean replayed, OrderText text) {
        if (response.ended() || response.closed()) {
            return Future.failedFuture("the client is gone");
        }
        response.setStatusCode(202)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.LOCATION, "/api/v1/orders/" + id);
        if (replayed) {
            response.putHeader("Idempotent-Replayed", "true");
        }
        return response.end(text.of(this));
    }
}
