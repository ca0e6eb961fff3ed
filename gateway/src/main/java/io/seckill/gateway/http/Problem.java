package io.seckill.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An error as people and programs get it: RFC 9457 {@code application/problem+json} with a stable {@code code}.
 *
 * @param body encoded once; problems without details of a request are constants
 * @param retry answer carries Retry-After, jittered so that clients do not come back together
 */
public record Problem(int status, String code, Buffer body, boolean retry) {
    public static final Problem INVALID_REQUEST = of(400, "invalid_request", "The request is not valid");
    public static final Problem UNAUTHENTICATED = of(401, "unauthenticated", "A valid bearer token is needed");
    public static final Problem FORBIDDEN = of(403, "forbidden", "This token may not do that");
    public static final Problem NOT_FOUND = of(404, "not_found", "There is no such thing");
    public static final Problem METHOD_NOT_ALLOWED = of(405, "method_not_allowed", "This method does not apply here");
    public static final Problem BODY_TOO_LARGE = of(413, "body_too_large", "The body is too large");
    public static final Problem UNSUPPORTED_MEDIA_TYPE =
            of(415, "unsupported_media_type", "The body must be application/json");
    public static final Problem HEADERS_TOO_LARGE = of(431, "headers_too_large", "The headers are too large");
    public static final Problem SOLD_OUT = of(409, "sold_out", "Sold out");
    public static final Problem SALE_ENDED = of(409, "sale_ended", "The sale has ended");
    public static final Problem SALE_PAUSED = of(409, "sale_paused", "The sale is paused");
    public static final Problem LIMIT_EXCEEDED = of(409, "limit_exceeded", "More than one user may buy");
    public static final Problem NOT_PAYABLE = of(409, "not_payable", "This order cannot be paid, or no longer");
    public static final Problem NOT_CANCELLABLE =
            of(409, "not_cancellable", "This order cannot be cancelled, or no longer");
    public static final Problem RATE_LIMITED = of(429, "rate_limited", "Too many at once", true);
    public static final Problem OVERLOADED = of(503, "overloaded", "Too busy; nothing was bought", true);
    public static final Problem RECOVERING = of(503, "recovering", "The sale is recovering; nothing was bought", true);
    public static final Problem INTERNAL = of(500, "internal_error", "Something went wrong here");

    /** Codes of problems that tell details of a request. */
    public static final String NOT_STARTED = "not_started";

    public static final String ALREADY_PURCHASED = "already_purchased";
    public static final String OUTCOME_UNKNOWN = "outcome_unknown";
    public static final String KEY_REUSED = "idempotency_key_reused";

    private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("application/problem+json");

    public static Problem of(int status, String code, String title) {
        return of(status, code, title, false);
    }

    private static Problem of(int status, String code, String title, boolean retry) {
        return new Problem(status, code, json(status, code, title).toBuffer(), retry);
    }

    /** 400 that says what is wrong. */
    public static Problem invalid(String detail) {
        return with(INVALID_REQUEST, "The request is not valid", "detail", detail);
    }

    public static Problem notStarted(String startsAt) {
        return with(of(409, NOT_STARTED, ""), "The sale has not started", "startsAt", startsAt);
    }

    public static Problem alreadyPurchased(String orderId) {
        return with(
                of(409, ALREADY_PURCHASED, ""), "There is an active order with another quantity", "orderId", orderId);
    }

    /** The order may or may not have been placed; it never gets lost if it was. */
    public static Problem outcomeUnknown(String orderId) {
        return with(of(503, OUTCOME_UNKNOWN, "", true), "It is not known yet; ask again", "orderId", orderId);
    }

    public static Problem notPayable(String detail) {
        return with(NOT_PAYABLE, "This order cannot be paid, or no longer", "detail", detail);
    }

    public static Problem keyReused(String detail) {
        return with(of(422, KEY_REUSED, ""), "The id was used for something else", "detail", detail);
    }

    /** Answers with this problem, unless the client is gone or was answered. */
    public void send(HttpServerResponse response) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE);
        if (retry) {
            response.putHeader(
                    "retry-after",
                    Integer.toString(1 + ThreadLocalRandom.current().nextInt(3)));
        }
        if (status == 401) {
            response.putHeader("www-authenticate", "Bearer");
        }
        response.end(body);
    }

    private static Problem with(Problem kind, String title, String name, String value) {
        JsonObject json = json(kind.status, kind.code, title).put(name, value);
        return new Problem(kind.status, kind.code, json.toBuffer(), kind.retry);
    }

    private static JsonObject json(int status, String code, String title) {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("code", code);
    }
}
