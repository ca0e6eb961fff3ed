package io.seckill.gateway.admin;

import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.identity.Authenticator;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleStore;
import io.seckill.gateway.sale.SaleView;
import io.seckill.gateway.sale.SaleWatch;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.sqlclient.Pool;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's calls, on the management listener. Every one needs a token of role {@code admin}. */
public final class AdminApi {
    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
    private static final int MAX_BODY_BYTES = 65_536;
    /** Where a request's {@link Identity} is, once it is known to be an operator's. */
    static final String OPERATOR = "seckill.operator";

    private final Authenticator tokens;
    private final SaleStore store;
    private final SaleWatch watch;
    private final SaleAudit audit;
    private final ControlsApi controls;
    private final PaymentsAdmin payments;
    private final DeadLettersApi deadLetters;

    /** @param timeoutMs deadline of one call to MySQL */
    public AdminApi(
            Authenticator tokens,
            Pool mysql,
            int timeoutMs,
            SaleStore store,
            SaleWatch watch,
            SaleAudit audit,
            DeadLettersApi deadLetters) {
        this.tokens = tokens;
        this.store = store;
        this.watch = watch;
        this.audit = audit;
        this.controls = new ControlsApi(new SaleControls(mysql, watch, timeoutMs), mysql, timeoutMs, this::json);
        this.payments = new PaymentsAdmin(mysql, timeoutMs);
        this.deadLetters = deadLetters;
    }

    public void mount(Router router) {
        router.route("/admin/v1/*").handler(this::authorize);
        router.post("/admin/v1/sales")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::create);
        router.get("/admin/v1/sales").handler(this::list);
        router.get("/admin/v1/sales/:saleId").handler(context -> withSale(context, sale -> show(context, 200, sale)));
        router.get("/admin/v1/sales/:saleId/audit")
                .handler(context -> withSale(context, sale -> audit.run(sale)
                        .onSuccess(terms ->
                                send(context.response(), 200, terms.json().toBuffer()))
                        .onFailure(e -> notCounted(context, e))));
        controls.mount(router, MAX_BODY_BYTES);
        payments.mount(router);
        deadLetters.mount(router, MAX_BODY_BYTES);
    }

    private static void notCounted(RoutingContext context, Throwable e) {
        if (e instanceof SaleAudit.RecoveringException) {
            Problem.RECOVERING.send(context.response());
        } else {
            unavailable(context, e);
        }
    }

    private void authorize(RoutingContext context) {
        tokens.identify(
                context.request(),
                operator -> {
                    if (operator.admin()) {
                        context.put(OPERATOR, operator);
                        context.next();
                    } else {
                        Problem.FORBIDDEN.send(context.response());
                    }
                },
                problem -> problem.send(context.response()));
    }

    private void create(RoutingContext context) {
        NewSale.Result read;
        try {
            JsonObject json = context.body().asJsonObject();
            read = NewSale.read(
                    json == null ? new JsonObject() : json, watch.catalog().nowMs());
        } catch (DecodeException | ClassCastException e) {
            Problem.invalid("the body is not a JSON object").send(context.response());
            return;
        }
        if (!read.errors().isEmpty()) {
            Problem.invalid(String.join("; ", read.errors())).send(context.response());
            return;
        }
        SaleRow sale = read.sale();
        store.create(sale, context.<Identity>get(OPERATOR).userId())
                .compose(created -> created ? Future.succeededFuture(sale) : sameAsBefore(read))
                .onSuccess(stored -> {
                    if (stored == null) {
                        Problem.keyReused("a sale of this id exists and differs")
                                .send(context.response());
                    } else {
                        open(context, stored.saleId());
                    }
                })
                .onFailure(e -> unavailable(context, e));
    }

    // Creating the same sale twice is a retry; null if this id stands for another sale.
    private Future<SaleRow> sameAsBefore(NewSale.Result read) {
        return store.find(read.sale().saleId())
                .map(stored -> stored != null && stored.sameTerms(read.sale(), read.startsNow()) ? stored : null);
    }

    // If Redis cannot take it now, the sale shows as recovering and the watch goes on trying.
    private void open(RoutingContext context, String saleId) {
        watch.loadNow(saleId)
                .otherwiseEmpty()
                .compose(v -> store.find(saleId))
                .onSuccess(sale -> {
                    LOG.atInfo()
                            .addKeyValue("saleId", saleId)
                            .addKeyValue("stock", sale.stock())
                            .log("sale created");
                    show(context, 201, sale);
                })
                .onFailure(e -> unavailable(context, e));
    }

    private void list(RoutingContext context) {
        store.newest()
                .onSuccess(rows -> {
                    JsonArray sales = new JsonArray();
                    rows.forEach(row -> sales.add(json(row)));
                    send(context.response(), 200, sales.toBuffer());
                })
                .onFailure(e -> unavailable(context, e));
    }

    private void withSale(RoutingContext context, Consumer<SaleRow> then) {
        String saleId = context.pathParam("saleId");
        if (!SaleKeys.isSaleId(saleId)) {
            Problem.NOT_FOUND.send(context.response());
            return;
        }
        store.find(saleId)
                .onSuccess(sale -> {
                    if (sale == null) {
                        Problem.NOT_FOUND.send(context.response());
                    } else {
                        then.accept(sale);
                    }
                })
                .onFailure(e -> unavailable(context, e));
    }

    private void show(RoutingContext context, int status, SaleRow sale) {
        if (status == 201) {
            context.response().putHeader("location", "/admin/v1/sales/" + sale.saleId());
        }
        send(context.response(), status, json(sale).toBuffer());
    }

    private JsonObject json(SaleRow row) {
        SaleView known = watch.catalog().sale(row.saleId());
        return watch.catalog()
                .json(known == null ? SaleView.of(row) : known.with(row))
                .put("epoch", row.epoch());
    }

    private static void unavailable(RoutingContext context, Throwable cause) {
        LOG.warn("{} {}: {}", context.request().method(), context.request().path(), cause.getMessage());
        Problem.OVERLOADED.send(context.response());
    }

    private static void send(HttpServerResponse response, int status, Buffer json) {
        response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(json);
    }
}
