package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Supplier;

/**
 * The few calls of the HTTP API that a load run needs around its rush: an operator's to make a sale and audit it, a
 * shopper's to look at it. Management calls go to the first gateway that can be reached.
 */
public final class StackApi {

    private static final long TIMEOUT_MS = 10_000;
    private static final Duration TOKEN_TTL = Duration.ofMinutes(5);

    /** An answer that was not hoped for; {@code status} is what the system said. */
    static final class UnexpectedStatusException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int status;

        UnexpectedStatusException(HttpMethod method, String url, int status, Buffer body) {
            super(method + " " + url + " was answered with " + status + " " + Reply.text(body, "code", ""));
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private final Loop loop;
    private final HttpClient client;
    private final StackAddress stack;
    private final Supplier<String> operator;

    public StackApi(Vertx vertx, StackAddress stack, TokenMint mint) {
        this(vertx, stack, () -> mint.mint("auditor", "admin", TOKEN_TTL));
    }

    /** @param operator a token of the role admin, asked for before each call */
    public StackApi(Vertx vertx, StackAddress stack, Supplier<String> operator) {
        this.loop = new Loop(vertx);
        this.client = vertx.createHttpClient();
        this.stack = stack;
        this.operator = operator;
    }

    /** Makes a sale and returns it as created. */
    public Future<JsonObject> createSale(JsonObject sale) {
        return managed(HttpMethod.POST, "/admin/v1/sales", sale.toBuffer(), 201);
    }

    /** @throws UnexpectedStatusException by the Future; 404 if there is no such sale */
    public Future<GatewayAudit> audit(String saleId) {
        return managed(HttpMethod.GET, "/admin/v1/sales/" + segment(saleId) + "/audit", null, 200)
                .map(GatewayAudit::of);
    }

    /** Ends a sale for good; its unpaid orders still expire. */
    public Future<JsonObject> endSale(String saleId) {
        return managed(HttpMethod.POST, "/admin/v1/sales/" + segment(saleId) + "/end", null, 200);
    }

    /** The sale as one gateway shows it to shoppers. */
    public Future<JsonObject> sale(String gateway, String saleId) {
        return call(HttpMethod.GET, gateway + "/api/v1/sales/" + segment(saleId), false, null)
                .map(answer -> answer.expect(200));
    }

    /** The gateway's clock; this machine's own while the gateway has no sale that could tell. */
    Future<Instant> serverTime(String gateway) {
        return call(HttpMethod.GET, gateway + "/api/v1/sales", false, null).map(answer -> {
            String time = Reply.text(answer.body(), "serverTime", "");
            try {
                return Instant.parse(time);
            } catch (DateTimeParseException e) {
                return Instant.now();
            }
        });
    }

    private Future<JsonObject> managed(HttpMethod method, String path, Buffer body, int expected) {
        return reach(method, path, body, 0).map(answer -> answer.expect(expected));
    }

    private Future<Answer> reach(HttpMethod method, String path, Buffer body, int listener) {
        return call(method, stack.management().get(listener) + path, true, body)
                // Only where nobody listens: a call that may have been heard is not repeated elsewhere.
                .recover(cause -> cause instanceof ConnectException
                                && listener + 1 < stack.management().size()
                        ? reach(method, path, body, listener + 1)
                        : Future.failedFuture(cause));
    }

    private static String segment(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private record Answer(HttpMethod method, String url, int status, Buffer body) {

        JsonObject expect(int expected) {
            if (status != expected) {
                throw new UnexpectedStatusException(method, url, status, body);
            }
            return new JsonObject(body);
        }
    }

    private Future<Answer> call(HttpMethod method, String url, boolean asOperator, Buffer body) {
        RequestOptions options =
                new RequestOptions().setMethod(method).setAbsoluteURI(url).setTimeout(TIMEOUT_MS);
        if (asOperator) {
            options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + operator.get());
        }
        if (body != null) {
            options.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        return loop.run(() -> client.request(options)
                .compose(request -> body == null ? request.send() : request.send(body))
                .compose(response ->
                        response.body().map(bytes -> new Answer(method, url, response.statusCode(), bytes))));
    }

    public Future<Void> close() {
        return client.close();
    }
}
