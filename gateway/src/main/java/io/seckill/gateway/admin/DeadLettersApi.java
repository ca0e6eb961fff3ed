package io.seckill.gateway.admin;

import io.seckill.gateway.admin.DeadLetterStore.Selection;
import io.seckill.gateway.http.Problem;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What could not be stored, and its way back: the operator looks, mends the cause, and replays. */
public final class DeadLettersApi {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLettersApi.class);
    private static final int MAX_SHOWN = 500;
    private static final String SHOWN = "100";
    private static final int MAX_KEYS = 256;
    private static final int MAX_REPLAYED = 1_000;
    // An order's id, or the SHA-256 of a message that could not be read.
    private static final String KEY = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}";
    private static final String REASON = "[a-z0-9_]{1,64}";

    private final DeadLetterStore store;
    private final DeadLetterReplay replay;

    /**
     * @param timeoutMs deadline of one call to MySQL
     * @param functions tells whose units a rebuild kept
     * @param amqp where replays are published
     */
    public DeadLettersApi(Pool mysql, int timeoutMs, SeckillFunctions functions, AmqpLink amqp, Topology topology) {
        this.store = new DeadLetterStore(mysql, timeoutMs);
        this.replay = new DeadLetterReplay(store, functions, amqp, topology);
    }

    /** On a router that let only operators through. */
    void mount(Router router, int maxBodyBytes) {
        router.get("/admin/v1/dead-letters").handler(this::list);
        router.post("/admin/v1/dead-letters/replay")
                .handler(BodyHandler.create(false).setBodyLimit(maxBodyBytes))
                .handler(this::replay);
    }

    private void list(RoutingContext context) {
        List<String> errors = new ArrayList<>();
        String limit = context.request().getParam("limit", SHOWN);
        String before = context.request().getParam("before");
        String saleId = context.request().getParam("saleId");
        String reason = context.request().getParam("reason");
        String open = context.request().getParam("open", "false");
        if (!limit.matches("[1-9][0-9]{0,2}") || Integer.parseInt(limit) > MAX_SHOWN) {
            errors.add("limit must be a whole number from 1 to " + MAX_SHOWN);
        }
        if (before != null && !before.matches(KEY)) {
            errors.add("before must be the key of a dead letter");
        }
        if (!open.matches("true|false")) {
            errors.add("open must be true or false");
        }
        check(saleId, reason, errors);
        if (!errors.isEmpty()) {
            Problem.invalid(String.join("; ", errors)).send(context.response());
            return;
        }
        store.newest(new Selection(saleId, reason, open.equals("true")), before, Integer.parseInt(limit))
                .onSuccess(letters -> {
                    JsonArray shown = new JsonArray();
                    letters.forEach(letter -> shown.add(letter.json()));
                    send(context, shown.toBuffer());
                })
                .onFailure(e -> unavailable(context, e));
    }

    private void replay(RoutingContext context) {
        JsonObject json = ControlsApi.body(context, Set.of("keys", "saleId", "reason"));
        if (json == null) {
            return;
        }
        List<String> errors = new ArrayList<>();
        List<String> keys = keys(json, errors);
        String saleId = text(json, "saleId", errors);
        String reason = text(json, "reason", errors);
        check(saleId, reason, errors);
        if (keys != null && (saleId != null || reason != null)) {
            errors.add("keys stand alone");
        }
        if (!errors.isEmpty()) {
            Problem.invalid(String.join("; ", errors)).send(context.response());
        } else if (replay.isBusy()) {
            Problem.RATE_LIMITED.send(context.response());
        } else if (!replay.isReady()) {
            unavailable(context, new IllegalStateException("RabbitMQ takes nothing now"));
        } else {
            Selection selection = new Selection(saleId, reason, true);
            replay.run(
                            () -> keys == null ? store.toReplay(selection, MAX_REPLAYED) : Future.succeededFuture(keys),
                            ControlsApi.operator(context))
                    .onSuccess(
                            outcome -> send(context, json(outcome, keys == null).toBuffer()))
                    .onFailure(e -> unavailable(context, e));
        }
    }

    private static JsonObject json(DeadLetterReplay.Outcome outcome, boolean selected) {
        int looked = outcome.replayed().size() + outcome.refused().size();
        return new JsonObject()
                .put("replayed", new JsonArray(List.copyOf(outcome.replayed())))
                .put("refused", outcome.refused())
                .put("more", selected && looked >= MAX_REPLAYED);
    }

    /** The keys, each once; null if the letters are selected otherwise. */
    private static List<String> keys(JsonObject json, List<String> errors) {
        if (!json.containsKey("keys")) {
            return null;
        }
        if (json.getValue("keys") instanceof JsonArray given
                && !given.isEmpty()
                && given.size() <= MAX_KEYS
                && given.stream().allMatch(key -> key instanceof String text && text.matches(KEY))) {
            return List.copyOf(
                    new LinkedHashSet<>(given.stream().map(String.class::cast).toList()));
        }
        errors.add("keys must be 1 to " + MAX_KEYS + " keys of dead letters");
        return null;
    }

    private static String text(JsonObject json, String name, List<String> errors) {
        Object value = json.getValue(name);
        if (value != null && !(value instanceof String)) {
            errors.add(name + " must be a text");
            return null;
        }
        return (String) value;
    }

    private static void check(String saleId, String reason, List<String> errors) {
        if (saleId != null && !SaleKeys.isSaleId(saleId)) {
            errors.add("saleId is not the id of a sale");
        }
        if (reason != null && !reason.matches(REASON)) {
            errors.add("reason must be the word that a letter's reason begins with");
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
