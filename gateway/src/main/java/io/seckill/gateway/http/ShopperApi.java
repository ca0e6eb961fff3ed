package io.seckill.gateway.http;

import io.seckill.gateway.identity.Authenticator;
import io.seckill.gateway.order.OrderJson;
import io.seckill.gateway.order.OrderQueries;
import io.seckill.gateway.purchase.PurchaseHandler;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shoppers' HTTP API of one event loop: which request goes where. Purchases go straight, past the router. */
public final class ShopperApi implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ShopperApi.class);
    private static final String SALES = "/api/v1/sales/";
    private static final String ORDERS = "/orders";

    private final Authenticator tokens;
    private final Supplier<SaleCatalog> catalog;
    private final PurchaseHandler purchases;
    private final OrderQueries orders;
    private final Buffer openApi;
    private final Router router;
    private boolean draining;
    private int underWay;

    public ShopperApi(
            Vertx vertx,
            Authenticator tokens,
            Supplier<SaleCatalog> catalog,
            PurchaseHandler purchases,
            OrderQueries orders,
            Buffer openApi) {
        this.tokens = tokens;
        this.catalog = catalog;
        this.purchases = purchases;
        this.orders = orders;
        this.openApi = openApi;
        this.router = routes(vertx);
    }

    /** Adds routes; what they answer counts as under way like all else. */
    public void mount(Consumer<Router> more) {
        more.accept(router);
    }

    /** From now on each answer asks its client to leave, so that no connection has to be cut. */
    public void drain() {
        draining = true;
    }

    /** No request waits for its answer. */
    public boolean isIdle() {
        return underWay == 0 && purchases.inFlight() == 0 && tokens.waiting() == 0;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (draining) {
            request.response().putHeader(HttpHeaders.CONNECTION, "close");
        }
        String path = request.path();
        if (HttpMethod.POST.equals(request.method())
                && path != null
                && path.startsWith(SALES)
                && path.endsWith(ORDERS)) {
            int end = path.length() - ORDERS.length();
            String saleId = end > SALES.length() ? path.substring(SALES.length(), end) : "";
            if (SaleKeys.isSaleId(saleId)) {
                purchases.handle(request, saleId);
                return;
            }
        }
        router.handle(request);
    }

    private Router routes(Vertx vertx) {
        Router routes = Router.router(vertx);
        routes.route().handler(context -> {
            underWay++;
            context.addEndHandler(ended -> underWay--);
            context.next();
        });
        routes.get("/api/v1/sales").handler(this::listSales);
        routes.get("/api/v1/sales/:saleId").handler(this::showSale);
        // Reached with an id that can be no sale's; the others never come to the router.
        routes.post("/api/v1/sales/:saleId/orders").handler(context -> Problem.NOT_FOUND.send(context.response()));
        routes.get("/api/v1/orders").handler(context -> withUser(context, this::listOrders));
        routes.get("/api/v1/orders/:orderId").handler(context -> withUser(context, this::showOrder));
        routes.get("/openapi.yaml").handler(context -> context.response()
                .putHeader("content-type", "application/yaml")
                .end(openApi));
        return Problems.handledBy(routes);
    }

    private void listSales(RoutingContext context) {
        SaleCatalog now = catalog.get();
        JsonArray sales = new JsonArray();
        now.newestFirst().forEach(sale -> sales.add(now.json(sale)));
        json(context, sales.toBuffer());
    }

    private void showSale(RoutingContext context) {
        SaleView sale = catalog.get().sale(context.pathParam("saleId"));
        if (sale == null) {
            Problem.NOT_FOUND.send(context.response());
        } else {
            json(context, catalog.get().json(sale).toBuffer());
        }
    }

    private void withUser(RoutingContext context, BiConsumer<RoutingContext, Identity> then) {
        tokens.identify(
                context.request(), user -> then.accept(context, user), problem -> problem.send(context.response()));
    }

    private void listOrders(RoutingContext context, Identity user) {
        orders.list(user.userId())
                .onSuccess(list -> {
                    JsonArray array = new JsonArray();
                    list.forEach(order -> array.add(order.json()));
                    json(context, array.toBuffer());
                })
                .onFailure(e -> unavailable(context, e));
    }

    private void showOrder(RoutingContext context, Identity user) {
        String orderId = context.pathParam("orderId");
        if (!isOrderId(orderId)) {
            Problem.NOT_FOUND.send(context.response());
            return;
        }
        orders.find(user.userId(), orderId)
                .onSuccess(order -> found(context, order))
                .onFailure(e -> unavailable(context, e));
    }

    private static void found(RoutingContext context, OrderJson order) {
        if (order == null) {
            Problem.NOT_FOUND.send(context.response());
        } else {
            json(context, order.json().toBuffer());
        }
    }

    private static boolean isOrderId(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void unavailable(RoutingContext context, Throwable cause) {
        LOG.debug("{}: {}", context.request().path(), cause.getMessage());
        Problem.OVERLOADED.send(context.response());
    }

    private static void json(RoutingContext context, Buffer json) {
        context.response().putHeader("content-type", "application/json").end(json);
    }
}
