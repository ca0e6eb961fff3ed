package io.seckill.loadtest.chaos;

import io.vertx.core.Future;
import java.util.List;

/** Looks into MySQL all the time that a round lasts: never may more units be in active orders than the stock has. */
final class ActiveUnits {
    private final Steps steps;
    private final Sales sales;
    private final String saleId;
    private final long stock;
    private volatile boolean stopped;
    private volatile long most;

    ActiveUnits(Steps steps, Sales sales, String saleId, long stock) {
        this.steps = steps;
        this.sales = sales;
        this.saleId = saleId;
        this.stock = stock;
    }

    ActiveUnits start() {
        steps.begin(() -> {
            look();
            return Future.succeededFuture();
        });
        return this;
    }

    // MySQL may be away: then there is nothing to see, and the next look is as good.
    private void look() {
        if (stopped) {
            return;
        }
        sales.activeUnits(saleId)
                .onSuccess(units -> {
                    most = Math.max(most, units);
                })
                .otherwiseEmpty()
                .compose(v -> steps.pause())
                .onComplete(v -> look());
    }

    /** @return what is broken, in words */
    List<String> stop() {
        stopped = true;
        return most > stock
                ? List.of("oversold: %d units were active at once, the stock is %d".formatted(most, stock))
                : List.of();
    }
}
