package io.seckill.loadtest.chaos;

import io.seckill.loadtest.DemoSale;
import io.seckill.loadtest.GatewayAudit;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.StackApi;
import io.seckill.loadtest.StoredOrder;
import io.seckill.loadtest.StoredOrders;
import io.seckill.loadtest.TokenMint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Sales as an operator makes and ends them, and as MySQL has them. */
final class Sales {
    private static final Duration LENGTH = Duration.ofHours(12);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StackApi api;
    private final StoredOrders stored;
    private final DemoSale opening;
    private final Steps steps;

    Sales(Vertx vertx, StackAddress stack, TokenMint mint, Steps steps) {
        this.api = new StackApi(vertx, stack, mint);
        this.stored = new StoredOrders(vertx, stack);
        this.opening = new DemoSale(vertx, api, stack.gateways());
        this.steps = steps;
    }

    /** Makes a sale and waits until every gateway shows it open; returns its id. */
    String open(String title, int stock, int maxPerUser, int windowSeconds)
            throws Steps.NotDoneException, InterruptedException {
        Instant now = Instant.now();
        JsonObject sale = new JsonObject()
                .put("title", title)
                .put("stock", stock)
                .put("price", new JsonObject().put("amount", 990).put("currency", "CNY"))
                .put("maxPerUser", maxPerUser)
                .put("paymentWindowSeconds", windowSeconds)
                .put("startsAt", now.minusSeconds(1).toString())
                .put("endsAt", now.plus(LENGTH).toString());
        String saleId = steps.await("the sale was not made", () -> api.createSale(sale), PATIENCE)
                .getString("id");
        steps.await("the sale did not open", () -> opening.open(saleId, PATIENCE), PATIENCE.plusSeconds(10));
        return saleId;
    }

    void end(String saleId) throws Steps.NotDoneException, InterruptedException {
        steps.await("the sale was not ended", () -> api.endSale(saleId), PATIENCE);
    }

    Future<GatewayAudit> audit(String saleId) {
        return api.audit(saleId);
    }

    /** Every order of a sale, of one instant. */
    Future<List<StoredOrder>> orders(String saleId) {
        return stored.orders(saleId);
    }

    Future<Long> activeUnits(String saleId) {
        return stored.activeUnits(saleId);
    }

    Future<Void> close() {
        return api.close().eventually(stored::close);
    }
}
