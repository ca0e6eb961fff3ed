package io.seckill.gateway.payment;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Asks the payment provider to charge for an order. Used on one event loop; connections and waiting calls are bounded. */
public final class Charges {
    private static final int TIMEOUT_MS = 3_000;
    private static final int MAX_CONNECTIONS = 32;
    private static final int MAX_WAITING = 512;

    private final HttpClient client;
    private final String url;
    private final PaymentSignature signature;
    private final LongSupplier nowMs;

    /** @param url of the provider; empty if shoppers pay there by themselves */
    public Charges(Vertx vertx, String url, PaymentSignature signature, LongSupplier nowMs) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(1_000),
                new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
        this.url = url;
        this.signature = signature;
        this.nowMs = nowMs;
    }

    boolean isPossible() {
        return !url.isEmpty();
    }

    /**
     * Charges once, however often it is asked for one order: the payment bears the order's id.
     *
     * @return false if the provider refused; true if it took the money, or will tell later; fails if that is not known
     */
    Future<Boolean> charge(String orderId, long amount, String currency) {
        Buffer body = new JsonObject()
                .put("paymentId", "pay_" + orderId)
                .put("orderId", orderId)
                .put("amount", amount)
                .put("currency", currency)
                .toBuffer();
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(url + "/charges")
                        .setTimeout(TIMEOUT_MS)
                        .putHeader("content-type", "application/json")
                        .putHeader(PaymentSignature.HEADER, signature.sign(nowMs.getAsLong(), body)))
                .compose(request -> request.send(body))
                .compose(response -> response.body().map(answer -> {
                    if (response.statusCode() != 200 && response.statusCode() != 202) {
                        throw new IllegalStateException("the payment provider answered " + response.statusCode());
                    }
                    return !"failed".equals(new JsonObject(answer).getString("state"));
                }))
                .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    public Future<Void> close() {
        return client.close();
    }
}
