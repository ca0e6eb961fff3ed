package io.seckill.gateway;

import io.seckill.gateway.payment.PaymentSignature;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A payment provider whose webhook comes when, and how, a test says. */
final class StubProvider implements AutoCloseable {
    /** What becomes of a charge. */
    enum Mode {
        PAY,
        PAY_LATER,
        DECLINE,
        BREAK,
        HANG
    }

    final List<JsonObject> charges = new CopyOnWriteArrayList<>();
    volatile Mode mode = Mode.PAY;
    /** Where the webhook of a charge goes. */
    volatile java.util.function.Function<JsonObject, Future<?>> webhook = charge -> Future.succeededFuture();

    private final HttpServer server;

    StubProvider(GatewayFixture shop) throws Exception {
        server = Await.result(
                shop.vertx().createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        String signature = request.getHeader(PaymentSignature.HEADER);
        request.body().onSuccess(body -> {
            if (!OrderBook.SIGNATURE.isGood(signature, body, System.currentTimeMillis())) {
                request.response().setStatusCode(401).end();
                return;
            }
            JsonObject charge = new JsonObject(body);
            charges.add(charge);
            switch (mode) {
                case PAY -> webhook.apply(charge).onComplete(v -> answer(request, 200, "succeeded"));
                case PAY_LATER -> answer(request, 202, "pending");
                case DECLINE -> answer(request, 200, "failed");
                case BREAK -> request.response().setStatusCode(500).end();
                case HANG -> {}
            }
        });
    }

    private static void answer(HttpServerRequest request, int status, String state) {
        request.response()
                .setStatusCode(status)
                .end(Buffer.buffer(new JsonObject().put("state", state).encode()));
    }

    @Override
    public void close() throws Exception {
        Await.result(server.close());
    }
}
