package io.seckill.worker;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The listener for operators: {@code /health/live}, {@code /health/ready} and {@code /metrics}. Live means that this process
 * answers; ready that it has all it needs. A RabbitMQ or MySQL that is away must not get a worker restarted.
 */
final class ManagementServer extends VerticleBase {
    private static final String JSON = "application/json";

    private final WorkerConfig config;
    private final Readiness readiness;
    private final PrometheusMeterRegistry registry;
    private HttpServer server;

    ManagementServer(WorkerConfig config, Readiness readiness, PrometheusMeterRegistry registry) {
        this.config = config;
        this.readiness = readiness;
        this.registry = registry;
    }

    /** Binds; fails if the port is taken. */
    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        router.get("/health/live").handler(request -> json(request, 200, new JsonObject().put("live", true)));
        router.get("/health/ready").handler(this::ready);
        router.get("/metrics").handler(request -> request.response()
                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                .end(registry.scrape()));
        router.errorHandler(404, request -> problem(request, 404, "Not Found", "not_found"));
        router.errorHandler(405, request -> problem(request, 405, "Method Not Allowed", "method_not_allowed"));
        router.errorHandler(500, request -> problem(request, 500, "Internal Server Error", "internal_error"));
        server = vertx.createHttpServer();
        return server.requestHandler(router)
                .listen(config.managementPort(), config.managementHost())
                .recover(e -> Future.failedFuture(new IllegalStateException(
                        "the management listener cannot bind " + config.managementHost() + ":" + config.managementPort()
                                + ": " + e.getMessage(),
                        e)));
    }

    @Override
    public Future<?> stop() {
        return server == null ? Future.succeededFuture() : server.close();
    }

    /** The port that it is bound to, which the configuration may leave open. After the deployment, on any thread. */
    int port() {
        return server.actualPort();
    }

    private void ready(RoutingContext request) {
        JsonObject json = readiness.json();
        json(request, json.getBoolean("ready") ? 200 : 503, json);
    }

    private static void json(RoutingContext request, int status, JsonObject body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", JSON)
                .putHeader("cache-control", "no-store")
                .end(body.toBuffer());
    }

    private static void problem(RoutingContext request, int status, String title, String code) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/problem+json")
                .end(new JsonObject()
                        .put("type", "about:blank")
                        .put("title", title)
                        .put("status", status)
                        .put("code", code)
                        .toBuffer());
    }
}
