package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Sales for a benchmark, and the odd purchase. */
public final class BenchSales {
    private static final int WINDOW_S = 6 * 3_600;
    private static final Duration OPEN_PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final StackAddress stack;
    private final TokenMint mint;
    private final StackApi api;
    private final DemoSale sales;

    public BenchSales(Vertx vertx, StackAddress stack, TokenMint mint) {
        this.vertx = vertx;
        this.stack = stack;
        this.mint = mint;
        this.api = new StackApi(vertx, stack, mint);
        this.sales = new DemoSale(vertx, api, stack.gateways());
    }

    /** The id of a new sale that is open on all gateways. */
    public Future<String> open(int stock) {
        return sales.create("Bench", stock, WINDOW_S)
                .compose(saleId -> sales.open(saleId, OPEN_PATIENCE).map(saleId));
    }

    /** Nothing of it is sold any more. */
    public Future<Void> end(String saleId) {
        return api.endSale(saleId).mapEmpty();
    }

    /** Someone buys one unit, and gets it. */
    public Future<Void> buyOne(String saleId, String user) {
        Crowd crowd = Crowd.mint(mint, user + "-", 1, Duration.ofHours(1));
        RushPlan plan = RushPlan.of(saleId, stack.gateways(), Arrivals.over(1, Duration.ZERO));
        return Rush.run(vertx, plan, crowd, progress -> {})
                .compose(rush -> rush.buyers().accepted() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture("nobody could buy of " + saleId));
    }
}
