package io.seckill.loadtest.chaos;

import io.seckill.loadtest.chaos.History.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sells what is left of a sale that came to rest to new users, one unit each: exactly the free units sell, and not one more
 * as long as these orders are active. Blocks.
 */
final class LeakTest {
    private static final int TOO_MANY = 10;
    private static final int ATTEMPTS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PAUSE_MS = 100;

    private final Steps steps;
    private final Sales sales;
    private final Shop shop;
    private final String saleId;
    private final int windowSeconds;
    private final History history = new History();
    private int users;

    LeakTest(Steps steps, Sales sales, Shop shop, String saleId, int windowSeconds) {
        this.steps = steps;
        this.sales = sales;
        this.shop = shop;
        this.saleId = saleId;
        this.windowSeconds = windowSeconds;
    }

    /**
     * Sells them.
     *
     * @param free units that nobody holds
     * @return what is broken, in words
     */
    List<String> run(long free) throws Steps.NotDoneException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long began = System.nanoTime();
            long sold = sell(free);
            if (sold < free) {
                return List.of("leaked: of %d free units only %d sold again".formatted(free, sold));
            }
            long surplus = sell(TOO_MANY);
            if (surplus == 0) {
                return List.of();
            }
            // Where this took longer than the payment window, the first ones have expired and sold once more by right.
            if (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(windowSeconds)) {
                return List.of("oversold: %d more than the %d free units sold".formatted(surplus, free));
            }
            awaitExpiry(free);
        }
        return List.of("the machine is too slow for a leak test within %d s".formatted(windowSeconds));
    }

    private long sell(long buyers) throws Steps.NotDoneException, InterruptedException {
        List<Future<Boolean>> bought = new ArrayList<>();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        for (int i = 0; i < buyers; i++) {
            users++;
            bought.add(buy(users % shop.gateways(), "leak-" + users, deadline));
        }
        steps.await("no answers to the leak test", () -> Future.join(bought), LIMIT.plusSeconds(10));
        return bought.stream().filter(Future::result).count();
    }

    private Future<Boolean> buy(int gateway, String user, long deadline) {
        return shop.buy(history, gateway, saleId, user, 1, null).compose(answer -> {
            if (answer.outcome() == Outcome.OK || answer.status() == 409 || System.nanoTime() - deadline > 0) {
                return Future.succeededFuture(answer.outcome() == Outcome.OK);
            }
            return shop.pause(PAUSE_MS).compose(v -> buy(gateway, user, deadline));
        });
    }

    private void awaitExpiry(long free) throws Steps.NotDoneException, InterruptedException {
        steps.until(
                "leaked: the units of the leak test did not come back",
                () -> sales.audit(saleId).map(audit -> audit.remaining() == free),
                LIMIT.plusSeconds(windowSeconds));
    }
}
