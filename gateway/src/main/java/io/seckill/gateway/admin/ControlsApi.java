package io.seckill.gateway.admin;

import io.seckill.gateway.admin.SaleControls.Outcome;
import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.sale.AuditTrail;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's hand on a sale that exists: other terms, pause, resume, end, more stock, and what was done so far. */
final class ControlsApi {
    private static final Logger LOG = LoggerFactory.getLogger(ControlsApi.class);
    private static final String KEY_FORM = "[\\x21-\\x7e]{1,255}";

    private final SaleControls controls;
    private final Pool mysql;
    private final int timeoutMs;
    private final Function<SaleRow, JsonObject> shown;

    /** @param shown a sale as the operator sees it */
    ControlsApi(SaleControls controls, Pool mysql, int timeoutMs, Function<SaleRow, JsonObject> shown) {
        this.controls = controls;
        this.mysql = mysql;
        this.timeoutMs = timeoutMs;
        this.shown = shown;
    }

    /** On a router that let only operators through. */
    void mount(Router router, int maxBodyBytes) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(maxBodyBytes);
        router.patch("/admin/v1/sales/:saleId").handler(body).handler(this::patch);
        router.post("/admin/v1/sales/:saleId/restock").handler(body).handler(this::restock);
        for (SaleChange.ToPhase change :
                new SaleChange.ToPhase[] {SaleChange.ToPhase.PAUSE, SaleChange.ToPhase.RESUME, SaleChange.ToPhase.END
                }) {
            router.post("/admin/v1/sales/:saleId/" + change.action())
                    .handler(body)
                    .handler(context -> {
                        JsonObject json = body(context, Set.of());
                        if (json != null) {
                            apply(context, change, null);
                        }
                    });
        }
        router.post("/admin/v1/sales/:saleId/rebuild").handler(body).handler(this::rebuild);
        router.get("/admin/v1/sales/:saleId/trail").handler(this::trail);
    }

    private void patch(RoutingContext context) {
        JsonObject json = body(context, SalePatch.FIELDS);
        if (json == null) {
            return;
        }
        SalePatch.Result read = SalePatch.read(json);
        if (read.errors().isEmpty()) {
            apply(context, read.patch(), null);
        } else {
            Problem.invalid(String.join("; ", read.errors())).send(context.response());
        }
    }

    private void restock(RoutingContext context) {
        JsonObject json = body(context, Set.of("quantity"));
        if (json == null) {
            return;
        }
        SaleFields fields = new SaleFields(json, Set.of("quantity"));
        int quantity = (int) fields.number("quantity", null, 1, NewSale.MAX_STOCK);
        String key = context.request().getHeader("idempotency-key");
        fields.check(key == null || key.matches(KEY_FORM), "Idempotency-Key must be 1 to 255 visible ASCII characters");
        if (fields.errors().isEmpty()) {
            apply(context, new SaleChange.Restock(quantity), key == null ? null : requestKey(operator(context), key));
        } else {
            Problem.invalid(String.join("; ", fields.errors())).send(context.response());
        }
    }

    private void rebuild(RoutingContext context) {
        if (body(context, Set.of()) != null) {
            answer(context, "rebuild", (saleId, actor) -> controls.rebuild(saleId, actor));
        }
    }

    /** The body, which may be left out; null if it is not good and was answered. */
    static JsonObject body(RoutingContext context, Set<String> allowed) {
        try {
            JsonObject json =
                    context.body().isEmpty() ? new JsonObject() : context.body().asJsonObject();
            SaleFields fields = new SaleFields(json == null ? new JsonObject() : json, allowed);
            if (fields.errors().isEmpty()) {
                return json == null ? new JsonObject() : json;
            }
            Problem.invalid(String.join("; ", fields.errors())).send(context.response());
        } catch (DecodeException | ClassCastException e) {
            Problem.invalid("the body is not a JSON object").send(context.response());
        }
        return null;
    }

    private void apply(RoutingContext context, SaleChange change, String requestKey) {
        answer(context, change.action(), (saleId, actor) -> controls.apply(saleId, change, actor, requestKey));
    }

    private void answer(RoutingContext context, String action, BiFunction<String, String, Future<Outcome>> control) {
        String saleId = context.pathParam("saleId");
        if (!SaleKeys.isSaleId(saleId)) {
            Problem.NOT_FOUND.send(context.response());
            return;
        }
        String actor = operator(context);
        control.apply(saleId, actor)
                .onSuccess(outcome -> {
                    if (outcome.refusal() != null) {
                        outcome.refusal().send(context.response());
                    } else {
                        LOG.atInfo()
                                .addKeyValue("saleId", saleId)
                                .addKeyValue("operator", actor)
                                .log("sale {}", action);
                        send(context, shown.apply(outcome.sale()).toBuffer());
                    }
                })
                .onFailure(e -> unavailable(context, e));
    }

    private void trail(RoutingContext context) {
        String saleId = context.pathParam("saleId");
        Future<Buffer> found = SaleKeys.isSaleId(saleId)
                ? AuditTrail.of(mysql, saleId)
                        .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                        .map(changes -> changes.isEmpty() ? null : changes.toBuffer())
                : Future.succeededFuture();
        found.onSuccess(changes -> {
                    if (changes == null) {
                        Problem.NOT_FOUND.send(context.response());
                    } else {
                        send(context, changes);
                    }
                })
                .onFailure(e -> unavailable(context, e));
    }

    /** Who asks. */
    static String operator(RoutingContext context) {
        return context.<Identity>get(AdminApi.OPERATOR).userId();
    }

    // Of one length, and no operator meets another's.
    private static String requestKey(String operator, String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((operator + '\n' + key).getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void unavailable(RoutingContext context, Throwable cause) {
        LOG.warn("{} {}: {}", context.request().method(), context.request().path(), cause.getMessage());
        Problem.OVERLOADED.send(context.response());
    }

    private static void send(RoutingContext context, Buffer json) {
        context.response().putHeader("content-type", "application/json").end(json);
    }
}
