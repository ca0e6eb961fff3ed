package io.seckill.schema.redis;

import io.seckill.schema.message.OrderLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a sale in Redis should do, without Redis: the simplest thing that is right. Time and window are the caller's. */
final class SaleModel {
    /** Where a purchase falls in the sale's window. */
    enum Window {
        BEFORE,
        OPEN,
        AFTER
    }

    record Wanted(String userId, int quantity) implements SeckillFunctions.Purchase {}

    record Holding(int attempt, int quantity, long seq) {}

    final Map<String, Holding> buyers = new HashMap<>();
    final TreeMap<Long, List<OrderLine>> outbox = new TreeMap<>();
    private final int stock;
    private final int maxPerUser;
    private final Window window;
    int remaining;
    long seq;

    SaleModel(int stock, int maxPerUser, Window window) {
        this.stock = stock;
        this.maxPerUser = maxPerUser;
        this.window = window;
        this.remaining = stock;
    }

    /** The outcomes of a batch, one a purchase, as texts that {@link #describe} gives for Redis' outcomes too. */
    List<String> reserve(List<Wanted> purchases) {
        List<String> outcomes = new ArrayList<>();
        List<OrderLine> lot = new ArrayList<>();
        Map<String, Holding> before = Map.copyOf(buyers);
        for (Wanted wanted : purchases) {
            Holding held = buyers.get(wanted.userId());
            if (held != null) {
                boolean fresh = !before.containsKey(wanted.userId());
                boolean unconfirmed = fresh || outbox.containsKey(held.seq());
                outcomes.add("held " + held.attempt() + " " + held.quantity() + " " + held.seq() + " " + unconfirmed);
            } else if (window == Window.AFTER) {
                outcomes.add("ENDED");
            } else if (window == Window.BEFORE) {
                outcomes.add("NOT_STARTED");
            } else if (wanted.quantity() > maxPerUser) {
                outcomes.add("LIMIT_EXCEEDED");
            } else if (wanted.quantity() > remaining) {
                outcomes.add("SOLD_OUT");
            } else {
                remaining -= wanted.quantity();
                buyers.put(wanted.userId(), new Holding(1, wanted.quantity(), seq + 1));
                lot.add(new OrderLine(wanted.userId(), wanted.quantity(), 1));
                outcomes.add("accepted 1");
            }
        }
        if (!lot.isEmpty()) {
            seq++;
            outbox.put(seq, lot);
        }
        return outcomes;
    }

    void trim(List<Long> lots) {
        lots.forEach(outbox::remove);
    }

    int held() {
        return buyers.values().stream().mapToInt(Holding::quantity).sum();
    }

    boolean isConserved() {
        return remaining >= 0 && stock == remaining + held();
    }

    static String describe(ReserveOutcome outcome) {
        if (outcome instanceof ReserveOutcome.Accepted accepted) {
            return "accepted " + accepted.attempt();
        } else if (outcome instanceof ReserveOutcome.Held held) {
            return "held " + held.attempt() + " " + held.quantity() + " " + held.seq() + " " + held.unconfirmed();
        }
        return outcome.toString();
    }
}
