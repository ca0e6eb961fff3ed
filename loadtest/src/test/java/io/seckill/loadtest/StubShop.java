package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway that answers as a test likes, on a random port of this machine. */
final class StubShop {

    /** Answers the request; {@code number} counts from 1. */
    interface Script {
        void answer(HttpServerRequest request, int number);
    }

    private final HttpServer server;
    private final AtomicInteger requests;

    private StubShop(HttpServer server, AtomicInteger requests) {
        this.server = server;
        this.requests = requests;
    }

    static Future<StubShop> open(Vertx vertx, Script script) {
        AtomicInteger requests = new AtomicInteger();
        return vertx.createHttpServer()
                .requestHandler(request -> {
                    // A look at the sale is no part of the script.
                    if (HttpMethod.GET.equals(request.method())
                            && request.path().startsWith("/api/")) {
                        request.response().end("{}");
                    } else {
                        script.answer(request, requests.incrementAndGet());
                    }
                })
                .listen(0, "127.0.0.1")
                .map(server -> new StubShop(server, requests));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    int requests() {
        return requests.get();
    }

    static void accept(HttpServerRequest request, String orderId, boolean replayed) {
        if (replayed) {
            request.response().putHeader("Idempotent-Replayed", "true");
        }
        request.response()
                .setStatusCode(202)
                .end(new JsonObject().put("id", orderId).put("state", "queued").toBuffer());
    }

    static void refuse(HttpServerRequest request, int status, String code) {
        if (status == 503 || status == 429) {
            request.response().putHeader("Retry-After", "0");
        }
        request.response()
                .setStatusCode(status)
                .end(new JsonObject().put("status", status).put("code", code).toBuffer());
    }
}
