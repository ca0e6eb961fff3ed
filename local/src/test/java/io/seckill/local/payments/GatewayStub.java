package io.seckill.local.payments;

import io.seckill.gateway.payment.PaymentSignature;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What a gateway is to the provider: takes signed webhooks, and refuses them as long as a test wants it to. */
final class GatewayStub {
    private final List<JsonObject> taken = new CopyOnWriteArrayList<>();
    private final PaymentSignature signature;
    private final HttpServer server;
    private volatile int status = 200;
    private final AtomicInteger refused = new AtomicInteger();

    GatewayStub(Vertx vertx, PaymentSignature signature) {
        this.signature = signature;
        this.server = PaymentProviderIT.await(
                vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
    }

    private void handle(HttpServerRequest request) {
        request.body()
                .onSuccess(body ->
                        request.response().setStatusCode(take(request, body)).end());
    }

    private int take(HttpServerRequest request, Buffer body) {
        boolean good = request.path().equals("/api/v1/payments/events")
                && signature.isGood(request.getHeader(PaymentSignature.HEADER), body, System.currentTimeMillis());
        if (!good) {
            return 401;
        }
        if (status != 200) {
            refused.incrementAndGet();
            return status;
        }
        taken.add(new JsonObject(body));
        return 200;
    }

    String address() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    void answer(int newStatus) {
        status = newStatus;
    }

    int refused() {
        return refused.get();
    }

    /** The events that it took, in order. */
    List<JsonObject> taken() {
        return List.copyOf(taken);
    }

    void close() {
        PaymentProviderIT.await(server.close());
    }
}
