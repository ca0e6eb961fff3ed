package io.seckill.loadtest.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;

/**
 * The ceiling of the benchmarks: a bare Vert.x server that gives every request the same answer, as long as a 202 of the
 * gateway. Started as a process of its own with the gateway's JVM flags, on one event loop:
 *
 * <pre>java … io.seckill.loadtest.bench.CeilingServer PORT</pre>
 */
public final class CeilingServer {
    private static final Buffer BODY =
            Buffer.buffer("{\"id\":\"00000000-0000-5000-8000-000000000000\",\"saleId\":\"ceiling\","
                    + "\"userId\":\"user-000001\",\"quantity\":1,\"state\":\"queued\",\"createdAt\":\"2026-01-01T00:00:00.000Z\","
                    + "\"payBy\":\"2026-01-01T00:15:00.000Z\"}");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence LOCATION =
            HttpHeaders.createOptimized("/api/v1/orders/00000000-0000-5000-8000-000000000000");

    private CeilingServer() {}

    public static void main(String[] args) {
        int port = Integer.parseInt(args[0]);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                .requestHandler(request -> request.response()
                        .setStatusCode(202)
                        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                        .putHeader(HttpHeaders.LOCATION, LOCATION)
                        .end(BODY))
                .listen()
                .onSuccess(server -> System.out.println("listening, native=" + vertx.isNativeTransportEnabled()))
                .onFailure(e -> {
                    System.err.println(e.getMessage());
                    System.exit(1);
                });
    }
}
