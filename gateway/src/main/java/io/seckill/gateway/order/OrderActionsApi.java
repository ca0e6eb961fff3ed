package io.seckill.gateway.order;

import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.identity.Authenticator;
import io.seckill.gateway.purchase.IdempotencyKeys;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.UUID;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a shopper does with an order of hers: pay it, cancel it. */
public final class OrderActionsApi {
    private static final Logger LOG = LoggerFactory.getLogger(OrderActionsApi.class);
    private static final int MAX_BODY_BYTES = 1_024;

    private final Authenticator tokens;
    private final IdempotencyKeys keys;

    public OrderActionsApi(Authenticator tokens, IdempotencyKeys keys) {
        this.tokens = tokens;
        this.keys = keys;
    }

    /**
     * @param pay of a user and an order id
     * @param cancel likewise
     */
    public void mount(
            Router router,
            BiFunction<String, String, Future<OrderAnswer>> pay,
            BiFunction<String, String, Future<OrderAnswer>> cancel) {
        mount(router, "payment", pay);
        mount(router, "cancel", cancel);
    }

    private void mount(Router router, String action, BiFunction<String, String, Future<OrderAnswer>> act) {
        router.post("/api/v1/orders/:orderId/" + action)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(context -> tokens.identify(
                        context.request(),
                        user -> handle(context, user, action, act),
                        problem -> problem.send(context.response())));
    }

    private void handle(
            RoutingContext context, Identity user, String action, BiFunction<String, String, Future<OrderAnswer>> act) {
        String orderId = context.pathParam("orderId");
        String key = context.request().getHeader(IdempotencyKeys.HEADER);
        Problem problem = null;
        if (!isOrderId(orderId)) {
            problem = Problem.NOT_FOUND;
        } else if (!isEmpty(context)) {
            problem = Problem.invalid("nothing may be said in the body");
        } else if (key != null && !IdempotencyKeys.isKey(key)) {
            problem = IdempotencyKeys.INVALID;
        }
        if (problem != null) {
            problem.send(context.response());
            return;
        }
        claimed(user.userId(), key, action + ' ' + orderId)
                .compose(free -> free
                        ? act.apply(user.userId(), orderId)
                        : Future.succeededFuture(OrderAnswer.not(IdempotencyKeys.REUSED)))
                .onSuccess(answer -> send(context, answer))
                .onFailure(e -> {
                    LOG.atWarn().addKeyValue("orderId", orderId).log("{}: {}", action, e.getMessage());
                    Problem.OVERLOADED.send(context.response());
                });
    }

    // Paying and cancelling can be repeated by nature: a key has only not to be of something else.
    private Future<Boolean> claimed(String userId, String key, String use) {
        return key == null
                ? Future.succeededFuture(true)
                : keys.claim(userId, key, use).map(claim -> claim.use() == IdempotencyKeys.Use.SAME);
    }

    private static void send(RoutingContext context, OrderAnswer answer) {
        if (answer.problem() != null) {
            answer.problem().send(context.response());
        } else if (!context.response().ended() && !context.response().closed()) {
            context.response()
                    .putHeader("content-type", "application/json")
                    .end(answer.order().json().toBuffer());
        }
    }

    private static boolean isEmpty(RoutingContext context) {
        try {
            return context.body().isEmpty() || new JsonObject(context.body().buffer()).isEmpty();
        } catch (DecodeException | ClassCastException e) {
            return false;
        }
    }

    private static boolean isOrderId(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
