package io.seckill.loadtest.chaos;

import io.seckill.loadtest.Loop;
import io.seckill.loadtest.Reply;
import io.seckill.loadtest.TokenMint;
import io.seckill.loadtest.chaos.History.Attempt;
import io.seckill.loadtest.chaos.History.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The shopper API of all gateways, as clients call it: each call becomes an {@link Attempt} in a history, whatever happens
 * to it. On one event loop; its methods may be called on any thread.
 */
final class Shop {
    private static final int CONNECTIONS = 1_024;
    private static final long TIMEOUT_MS = 4_000;
    private static final Duration TOKEN_TTL = Duration.ofHours(1);

    private final Vertx vertx;
    private final Loop loop;
    private final HttpClient client;
    private final List<String> gateways;
    private final TokenMint mint;

    Shop(Vertx vertx, List<String> gateways, TokenMint mint) {
        this.vertx = vertx;
        this.loop = new Loop(vertx);
        this.client = vertx.createHttpClient(
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(-1));
        this.gateways = gateways;
        this.mint = mint;
    }

    /** An answer, or that there was none. */
    record Answer(Outcome outcome, int status, String detail, String orderId) {}

    int gateways() {
        return gateways.size();
    }

    /** @param keyOrNull an Idempotency-Key */
    Future<Answer> buy(History history, int gateway, String saleId, String user, int quantity, String keyOrNull) {
        RequestOptions request = request(HttpMethod.POST, gateway, "/api/v1/sales/" + saleId + "/orders", user);
        if (keyOrNull != null) {
            request.putHeader("idempotency-key", keyOrNull);
        }
        Buffer body = new JsonObject().put("quantity", quantity).toBuffer();
        return attempt(history, user, "buy", gateway, "", request, body);
    }

    /** @param action pay or cancel */
    Future<Answer> settle(History history, int gateway, String action, String orderId, String user) {
        String path = "/api/v1/orders/" + orderId + (action.equals("pay") ? "/payment" : "/cancel");
        return attempt(
                history,
                user,
                action,
                gateway,
                orderId,
                request(HttpMethod.POST, gateway, path, user),
                Buffer.buffer());
    }

    /** The state of an order as its user sees it; {@code none} if there is no such order. */
    Future<String> state(int gateway, String orderId, String user) {
        return loop.run(() -> client.request(request(HttpMethod.GET, gateway, "/api/v1/orders/" + orderId, user))
                .compose(request -> request.send())
                .compose(response -> response.body().map(body -> switch (response.statusCode()) {
                    case 200 -> new JsonObject(body).getString("state");
                    case 404 -> "none";
                    default -> "status " + response.statusCode();
                })));
    }

    Future<Void> pause(long ms) {
        return vertx.timer(Math.max(1, ms), TimeUnit.MILLISECONDS).mapEmpty();
    }

    private RequestOptions request(HttpMethod method, int gateway, String path, String user) {
        return new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(gateways.get(gateway) + path)
                .setTimeout(TIMEOUT_MS)
                .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + mint.mint(user, null, TOKEN_TTL))
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    }

    private Future<Answer> attempt(
            History history,
            String user,
            String call,
            int gateway,
            String orderId,
            RequestOptions options,
            Buffer body) {
        Instant at = Instant.now();
        long began = System.nanoTime();
        return loop.run(() -> client.request(options)
                .compose(
                        request -> request.send(body)
                                .compose(response ->
                                        response.body().map(bytes -> answer(call, orderId, response, bytes)))
                                .otherwise(lost -> new Answer(Outcome.UNKNOWN, 0, "no reply", orderId)),
                        // Nothing was sent, so nothing can come of it.
                        unconnected -> Future.succeededFuture(new Answer(Outcome.REFUSED, 0, "no connection", orderId)))
                .onSuccess(answer -> history.add(new Attempt(
                        user,
                        call,
                        gateway,
                        answer.outcome,
                        answer.status + " " + answer.detail,
                        answer.orderId,
                        at,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)))));
    }

    private static Answer answer(String call, String orderId, HttpClientResponse response, Buffer body) {
        int status = response.statusCode();
        if (call.equals("buy")) {
            return bought(status, body, response.getHeader("idempotent-replayed") != null);
        }
        Outcome outcome = status == 200 ? Outcome.OK : status >= 500 ? Outcome.UNKNOWN : Outcome.REFUSED;
        return new Answer(outcome, status, Reply.text(body, "code", ""), orderId);
    }

    private static Answer bought(int status, Buffer body, boolean replayed) {
        Reply reply = Reply.of(status, body);
        return switch (reply.kind()) {
            case ACCEPTED -> new Answer(Outcome.OK, status, replayed ? "again" : "", reply.detail());
            case REFUSED, BUSY, HOPELESS -> new Answer(Outcome.REFUSED, status, reply.detail(), "");
            case UNKNOWN -> new Answer(Outcome.UNKNOWN, status, reply.detail(), Reply.text(body, "orderId", ""));
            case ERROR -> new Answer(Outcome.UNKNOWN, status, reply.detail(), "");
        };
    }

    Future<Void> close() {
        return client.close();
    }
}
