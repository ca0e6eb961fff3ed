package io.seckill.loadtest.chaos;

import io.seckill.loadtest.chaos.History.Outcome;
import io.seckill.loadtest.chaos.Shop.Answer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * One person with her habits: when she comes, how often she presses, and what she does with her order. She asks until she
 * knows, at one gateway after the other, as long as there is patience.
 */
final class Shopper {
    private static final int SHORTEST_PAUSE_MS = 100;
    private static final int LONGEST_PAUSE_MS = 1_000;
    /** How often someone comes back who was told that all is sold, and hopes for what others do not pay. */
    private static final int MOST_RETURNS = 8;

    private enum Afterwards {
        LEAVE,
        ASK_AGAIN,
        PAY,
        CANCEL,
        CANCEL_AND_BUY_AGAIN
    }

    private final Shop shop;
    private final History history;
    private final String saleId;
    private final BooleanSupplier patience;
    private final SplittableRandom random;
    private final String user;
    private final int quantity;
    private final int presses;
    private final boolean keyed;
    private final Afterwards afterwards;
    private int keys;
    private int returns;

    private Shopper(
            Shop shop,
            History history,
            String saleId,
            BooleanSupplier patience,
            SplittableRandom random,
            String user,
            int maxPerUser) {
        this.shop = shop;
        this.history = history;
        this.saleId = saleId;
        this.patience = patience;
        this.random = random;
        this.user = user;
        this.quantity = random.nextInt(1, maxPerUser + 1);
        this.presses = random.nextInt(4) == 0 ? random.nextInt(2, 4) : 1;
        this.keyed = random.nextInt(4) == 0;
        this.returns = random.nextInt(5) == 0 ? random.nextInt(1, MOST_RETURNS + 1) : 0;
        this.afterwards = habit(random.nextInt(100));
    }

    private static Afterwards habit(int chance) {
        if (chance < 25) {
            return Afterwards.PAY;
        } else if (chance < 40) {
            return Afterwards.CANCEL;
        } else if (chance < 50) {
            return Afterwards.CANCEL_AND_BUY_AGAIN;
        }
        return chance < 65 ? Afterwards.ASK_AGAIN : Afterwards.LEAVE;
    }

    /**
     * Lets a crowd come, evenly over a time.
     *
     * @param patience whether it is still worth asking
     * @return when the last of them has left
     */
    static Future<Void> crowd(
            Shop shop, History history, String saleId, RoundPlan plan, int rampMs, BooleanSupplier patience) {
        SplittableRandom random = new SplittableRandom(plan.seed());
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < plan.shoppers(); i++) {
            Shopper shopper = new Shopper(
                    shop,
                    history,
                    saleId,
                    patience,
                    random.split(),
                    "r" + plan.number() + "-" + (i + 1),
                    plan.maxPerUser());
            all.add(shop.pause((long) rampMs * i / plan.shoppers()).compose(v -> shopper.live()));
        }
        return Future.join(all).mapEmpty();
    }

    private Future<Void> live() {
        int first = random.nextInt(shop.gateways());
        String key = key();
        List<Future<String>> bought = new ArrayList<>();
        for (int press = 0; press < presses; press++) {
            bought.add(buy(first + press, key));
        }
        return Future.join(bought).compose(v -> {
            String orderId = bought.stream()
                    .map(Future::result)
                    .filter(id -> !id.isEmpty())
                    .findFirst()
                    .orElse("");
            return orderId.isEmpty() ? Future.succeededFuture() : after(orderId, key);
        });
    }

    private String key() {
        return keyed ? user + "-key-" + ++keys : null;
    }

    /** @return the order's id, or an empty text if there is none or nothing is known */
    private Future<String> buy(int gateway, String key) {
        return shop.buy(history, gateway % shop.gateways(), saleId, user, quantity, key)
                .compose(answer -> {
                    if (answer.outcome() == Outcome.OK) {
                        return Future.succeededFuture(answer.orderId());
                    }
                    boolean definite = answer.outcome() == Outcome.REFUSED && answer.status() == 409;
                    return (definite && returns-- <= 0) || !patience.getAsBoolean()
                            ? Future.succeededFuture("")
                            : rest().compose(v -> buy(gateway + 1, key));
                });
    }

    private Future<Void> rest() {
        return shop.pause(random.nextInt(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
    }

    private Future<Void> after(String orderId, String key) {
        int gateway = random.nextInt(shop.gateways());
        return switch (afterwards) {
            case LEAVE -> Future.succeededFuture();
            case ASK_AGAIN -> rest().compose(v -> buy(gateway, key)).mapEmpty();
            case PAY -> rest().compose(v -> settle("pay", orderId, gateway)).mapEmpty();
            case CANCEL ->
                rest().compose(v -> settle("cancel", orderId, gateway)).mapEmpty();
            case CANCEL_AND_BUY_AGAIN ->
                rest().compose(v -> settle("cancel", orderId, gateway)).compose(cancelled -> {
                    // Under the old key she would be told of the old order.
                    return cancelled.outcome() == Outcome.OK
                            ? buy(gateway + 1, key()).mapEmpty()
                            : Future.<Void>succeededFuture();
                });
        };
    }

    // An order that was just accepted may not be known everywhere yet, and a server may be away: asked again until it
    // is
    // done or past being done.
    private Future<Answer> settle(String action, String orderId, int gateway) {
        return shop.settle(history, gateway % shop.gateways(), action, orderId, user)
                .compose(answer -> {
                    boolean over = answer.outcome() == Outcome.OK || answer.status() == 409;
                    return over || !patience.getAsBoolean()
                            ? Future.succeededFuture(answer)
                            : rest().compose(v -> settle(action, orderId, gateway + 1));
                });
    }
}
