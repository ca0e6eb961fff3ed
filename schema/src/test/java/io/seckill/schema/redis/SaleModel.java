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

    /** As the Lua's phase. */
    enum Phase {
        SELLING,
        PAUSED,
        ENDED
    }

    record Wanted(String userId, int quantity) implements SeckillFunctions.Purchase {}

    /** @param released the call that gave back the units of the user's last order that came back, 0 if none did */
    record Holding(boolean active, int attempt, int quantity, long seq, long released) {}

    /** An order to be given back. */
    record Ended(String userId, int attempt) implements SeckillFunctions.Release {}

    /** A lot in the outbox. */
    record Waiting(List<OrderLine> orders, boolean overdue) {}

    final Map<String, Holding> buyers = new HashMap<>();
    final TreeMap<Long, Waiting> outbox = new TreeMap<>();
    int stock;
    int maxPerUser;
    int version = 1;
    long releases;
    private final Window window;
    Phase phase = Phase.SELLING;
    boolean armed = true;
    int remaining;
    long seq;

    SaleModel(int stock, int maxPerUser, Window window) {
        this.stock = stock;
        this.maxPerUser = maxPerUser;
        this.window = window;
        this.remaining = stock;
    }

    /**
     * The outcomes of a batch, one a purchase, as texts that {@link #describe} gives for Redis' outcomes too.
     *
     * @param overdue a relay may publish the lot at once
     */
    List<String> reserve(List<Wanted> purchases, boolean overdue) {
        List<String> outcomes = new ArrayList<>();
        List<OrderLine> lot = new ArrayList<>();
        for (Wanted wanted : purchases) {
            Holding held = buyers.get(wanted.userId());
            String refusal = refusal(wanted.quantity());
            if (held != null && held.active()) {
                boolean unconfirmed = held.seq() > seq || outbox.containsKey(held.seq());
                outcomes.add("held " + held.attempt() + " " + held.quantity() + " " + held.seq() + " " + unconfirmed);
            } else if (refusal != null) {
                outcomes.add(refusal);
            } else {
                int attempt = held == null ? 1 : held.attempt() + 1;
                remaining -= wanted.quantity();
                long released = held == null ? 0 : held.released();
                buyers.put(wanted.userId(), new Holding(true, attempt, wanted.quantity(), seq + 1, released));
                lot.add(new OrderLine(wanted.userId(), wanted.quantity(), attempt));
                outcomes.add("accepted " + attempt);
            }
        }
        if (!lot.isEmpty()) {
            seq++;
            outbox.put(seq, new Waiting(lot, overdue));
        }
        return outcomes;
    }

    private String refusal(int quantity) {
        if (phase == Phase.ENDED || window == Window.AFTER) {
            return "ENDED";
        } else if (phase == Phase.PAUSED) {
            return "PAUSED";
        } else if (window == Window.BEFORE) {
            return "NOT_STARTED";
        } else if (quantity > maxPerUser) {
            return "LIMIT_EXCEEDED";
        }
        return quantity > remaining ? "SOLD_OUT" : null;
    }

    /** A second load: it arms a sale that lost its arming before anything was sold, and does nothing else. */
    void loadAgain() {
        armed = armed || seq == 0;
    }

    void trim(List<Long> lots) {
        lots.forEach(outbox::remove);
    }

    /** What a claim gave. */
    void lease(long lot, boolean overdueAgain) {
        outbox.put(lot, new Waiting(outbox.get(lot).orders(), overdueAgain));
    }

    /** Which call gave the units of each order back: this one, an earlier one, 0 = forgotten, -1 = there was no such order. */
    List<Long> release(List<Ended> orders) {
        List<Long> calls = new ArrayList<>();
        boolean moved = false;
        for (Ended order : orders) {
            Holding held = buyers.get(order.userId());
            if (held == null || held.attempt() < order.attempt()) {
                calls.add(-1L);
            } else if (held.attempt() > order.attempt() + 1) {
                calls.add(0L);
            } else if (held.attempt() == order.attempt() && held.active()) {
                moved = true;
                remaining += held.quantity();
                buyers.put(order.userId(), new Holding(false, held.attempt(), held.quantity(), held.seq(), seq + 1));
                calls.add(seq + 1);
            } else {
                calls.add(held.released());
            }
        }
        if (moved) {
            seq++;
            releases++;
        }
        return calls;
    }

    /** The operator's settings: only a newer version counts. */
    boolean update(int newVersion, Phase newPhase, int newMax, int newStock) {
        if (newVersion <= version) {
            return false;
        }
        version = newVersion;
        phase = newPhase;
        maxPerUser = newMax;
        remaining += newStock - stock;
        stock = newStock;
        return true;
    }

    int overdue() {
        return (int) outbox.values().stream().filter(Waiting::overdue).count();
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
