package io.seckill.loadtest.chaos;

import io.seckill.loadtest.chaos.History.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells when a stack sells again: a new user buys on each gateway, ten times a second, until one gets her order. On a sale
 * of its own with units for everybody, which must come through every fault as well.
 */
final class Probe {
    private static final int EVERY_MS = 100;

    private final Shop shop;
    private final History history = new History();
    private final String saleId;
    private int users;

    Probe(Shop shop, String saleId) {
        this.shop = shop;
        this.saleId = saleId;
    }

    String saleId() {
        return saleId;
    }

    /** What its own shoppers were told so far. */
    History history() {
        return history;
    }

    /**
     * Buys until every gateway has sold.
     *
     * @return how long it took from a moment on; fails if it takes longer than the limit
     */
    Future<Duration> sellsAgain(long sinceNanos, Duration limit) {
        long deadline = sinceNanos + limit.toNanos();
        List<Future<Void>> all = new ArrayList<>();
        for (int gateway = 0; gateway < shop.gateways(); gateway++) {
            all.add(sold(gateway, deadline));
        }
        return Future.join(all).map(done -> Duration.ofNanos(System.nanoTime() - sinceNanos));
    }

    private Future<Void> sold(int gateway, long deadline) {
        return shop.buy(history, gateway, saleId, nextUser(), 1, null).compose(answer -> {
            if (answer.outcome() == Outcome.OK) {
                return Future.succeededFuture();
            }
            if (System.nanoTime() - deadline > 0) {
                return Future.failedFuture(
                        "gateway-%d still says %d %s".formatted(gateway + 1, answer.status(), answer.detail()));
            }
            return shop.pause(EVERY_MS).compose(v -> sold(gateway, deadline));
        });
    }

    private synchronized String nextUser() {
        return "probe-" + ++users;
    }
}
