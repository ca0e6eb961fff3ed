package io.seckill.local.payments;

import io.seckill.gateway.http.Problem;
import io.seckill.gateway.http.Problems;
import io.seckill.gateway.payment.PaymentSignature;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The provider's HTTP side, on the loopback only: {@code POST /charges}, {@code PUT} and {@code GET /behaviour}, and health.
 * What it remembers is gone with the process. {@link Cashier} does the charging.
 */
final class PaymentProvider extends VerticleBase {
    static final String HOST = "127.0.0.1";

    private static final int MAX_PAYMENTS = 100_000;
    /** These take three times the memory. */
    private static final int MAX_UNTOLD = 10_000;

    private static final int MAX_BODY_BYTES = 4_096;
    private static final int IDLE_TIMEOUT_S = 60;
    private static final int GIVE_UP_AFTER_MS = 600_000;
    /** Less than a gateway waits for its answer. */
    private static final int ANSWER_WITHIN_MS = 2_500;

    private final PaymentProviderConfig config;
    private final LongSupplier nowMs;
    private final Ledger ledger = new Ledger(MAX_PAYMENTS, MAX_UNTOLD);
    private Webhooks webhooks;
    private Cashier cashier;
    private HttpServer server;

    /** @param nowMs the clock, epoch milliseconds */
    PaymentProvider(PaymentProviderConfig config, LongSupplier nowMs) {
        this.config = config;
        this.nowMs = nowMs;
    }

    /** Binds; fails if the port is taken. */
    @Override
    public Future<?> start() {
        webhooks = new Webhooks(vertx, config.gateways(), config.secrets(), nowMs, GIVE_UP_AFTER_MS);
        // Numbered from the time of the start: a provider that was killed does not give the ids of its old events to
        // new
        // ones.
        cashier = new Cashier(
                ledger,
                webhooks::send,
                ms -> vertx.timer(ms, TimeUnit.MILLISECONDS).mapEmpty(),
                nowMs,
                nowMs.getAsLong());
        server = vertx.createHttpServer(
                new HttpServerOptions().setIdleTimeout(IDLE_TIMEOUT_S).setIdleTimeoutUnit(TimeUnit.SECONDS));
        return server.requestHandler(router())
                .invalidRequestHandler(Problems::unreadable)
                .listen(config.port(), HOST);
    }

    @Override
    public Future<?> stop() {
        return server.close().eventually(webhooks::close);
    }

    /** The port that it is bound to, which the configuration may leave open. */
    int port() {
        return server.actualPort();
    }

    private Router router() {
        Router router = Problems.handledBy(Router.router(vertx));
        router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        router.post("/charges").handler(this::charge);
        router.get("/behaviour").handler(this::behaviour);
        router.put("/behaviour").handler(this::behave);
        router.get("/health/live").handler(context -> json(context, 200, new JsonObject().put("live", true)));
        router.get("/health/ready").handler(this::ready);
        return router;
    }

    private void charge(RoutingContext context) {
        Buffer body = context.body().buffer();
        String header = context.request().getHeader(PaymentSignature.HEADER);
        if (body == null || !config.secrets().isGood(header, body, nowMs.getAsLong())) {
            Problem.of(401, "unauthenticated", "A valid Payment-Signature is needed")
                    .send(context.response());
            return;
        }
        reading(context, json -> {
            try {
                answer(context, cashier.charge(Charge.read(json)));
            } catch (Cashier.Reused reused) {
                Problem.keyReused(reused.getMessage()).send(context.response());
            } catch (Ledger.Full full) {
                Problem.OVERLOADED.send(context.response());
            }
        });
    }

    private static void answer(RoutingContext context, Payment payment) {
        JsonObject pending = new JsonObject().put("state", "pending");
        JsonObject decided = new JsonObject().put("state", payment.state().toString());
        if (payment.isToldLater() && payment.isBeingTold()) {
            json(context, 202, pending);
            return;
        }
        payment.accepted()
                .timeout(ANSWER_WITHIN_MS, TimeUnit.MILLISECONDS)
                .onSuccess(v -> json(context, 200, decided))
                .onFailure(untold -> json(context, 202, pending));
    }

    private void behave(RoutingContext context) {
        reading(context, json -> {
            cashier.behave(Behaviour.read(json));
            behaviour(context);
        });
    }

    private void behaviour(RoutingContext context) {
        json(context, 200, cashier.behaviour().json());
    }

    private void ready(RoutingContext context) {
        JsonObject state = new JsonObject()
                .put("ready", true)
                .put("payments", ledger.size())
                .put("untold", ledger.untold())
                .put("lostWebhooks", webhooks.lost());
        json(context, 200, state);
    }

    /** What the reader finds wrong with the body is told as a 400. */
    private static void reading(RoutingContext context, Consumer<JsonObject> reader) {
        try {
            JsonObject json = context.body().asJsonObject();
            if (json == null) {
                throw new IllegalArgumentException("the body must be a JSON object");
            }
            reader.accept(json);
        } catch (DecodeException | ClassCastException e) {
            Problem.invalid("the body must be a JSON object").send(context.response());
        } catch (IllegalArgumentException e) {
            Problem.invalid(e.getMessage()).send(context.response());
        }
    }

    private static void json(RoutingContext context, int status, JsonObject body) {
        if (context.response().closed()) {
            return;
        }
        context.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(body.toBuffer());
    }
}
