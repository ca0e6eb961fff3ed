package io.seckill.gateway.purchase;

import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.RedisLink.RedisUnavailable;
import io.seckill.schema.redis.ReserveOutcome;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Natural batching of one sale's purchases on one event loop: while a call of {@code reserve} is in flight, purchases
 * gather; its reply sends them as the next one. A lone purchase leaves at once. The trim of lots that were confirmed
 * meanwhile rides along. Bounded by the handler's limit on purchases in flight. The next file of the walk is {@code
 * seckill.lua}.
 */
public final class ReserveBatcher {
    // Lua unpacks no more than some thousand arguments at once.
    private static final int MAX_TRIMS = 1_000;
    // Redis refused the whole call before it ran.
    private static final Set<String> NOTHING_MOVED = Set.of(
            "BUSY",
            "CLUSTERDOWN",
            "CORRUPT",
            "LOADING",
            "MASTERDOWN",
            "MISCONF",
            "NOAUTH",
            "NOPERM",
            "NOREPLICAS",
            "OOM",
            "READONLY");

    /** A call of {@code reserve}: {@link SeckillFunctions#reserve}. */
    public interface Call {
        Future<ReserveReply> reserve(
                SaleKeys keys, int epoch, int leaseMs, List<String> confirmed, List<Purchase> purchases);
    }

    /** What becomes of the purchases of a call. */
    public interface Results {
        /**
         * The lot that a call accepted leaves for RabbitMQ; the Future is its confirm.
         *
         * @param purchases of the call, accepted or not
         * @param askedNanos when Redis was asked, by the monotonic clock
         */
        Future<Void> accepted(Lot lot, List<Purchase> purchases, long askedNanos);

        /** Whether a purchase that waited for its turn can still be answered in time; one that cannot is refused. */
        boolean isWorthAsking(Purchase purchase);

        /** @param lot what the call accepted, with this purchase in it if that was accepted */
        void decided(Purchase purchase, ReserveOutcome outcome, Lot lot, Future<Void> confirm);

        void closed(Purchase purchase, ReserveReply.Closed why);

        /** Redis was not asked, or refused before deciding: nothing moved. */
        void refused(Purchase purchase);

        /** Redis was asked and the answer is lost. */
        void unknown(Purchase purchase);

        /** For metrics and traces: Redis answered. */
        void called(List<Purchase> purchases, long askedNanos);
    }

    private final Executor loop;
    private final Call call;
    private final Supplier<SaleView> sale;
    private final int leaseMs;
    private final int maxOrders;
    private final Results results;

    private final ArrayDeque<Purchase> waiting = new ArrayDeque<>();
    private List<String> confirmed = new ArrayList<>();
    private SaleView known;
    private boolean busy;

    /**
     * @param loop runs a task on this event loop, behind what is there to be done already
     * @param call asks Redis
     * @param sale the newest view of the sale, null once it left the catalog
     * @param leaseMs how long this gateway alone may publish what it reserved
     * @param maxOrders most purchases in one call
     */
    public ReserveBatcher(
            Executor loop, Call call, Supplier<SaleView> sale, int leaseMs, int maxOrders, Results results) {
        this.loop = loop;
        this.call = call;
        this.sale = sale;
        this.leaseMs = leaseMs;
        this.maxOrders = maxOrders;
        this.results = results;
    }

    /** Takes a purchase to be decided; {@link Results} tells what became of it. */
    public void offer(Purchase purchase) {
        known = purchase.sale();
        waiting.add(purchase);
        wake();
    }

    boolean isIdle() {
        return !busy && waiting.isEmpty() && confirmed.isEmpty();
    }

    private void confirmed(Lot lot) {
        confirmed.add(lot.id());
        wake();
    }

    // Runs after the sockets that are readable now were read, so what arrived together leaves together.
    private void wake() {
        if (!busy) {
            busy = true;
            loop.execute(this::call);
        }
    }

    private void call() {
        List<Purchase> purchases = nextPurchases();
        if (purchases.isEmpty() && confirmed.isEmpty()) {
            busy = false;
            return;
        }
        SaleView view = latest();
        List<String> trims = nextTrims();
        long started = System.nanoTime();
        call.reserve(view.keys(), view.epoch(), leaseMs, trims, purchases).onComplete(done -> {
            if (done.succeeded()) {
                results.called(purchases, started);
                settle(view, purchases, done.result(), started);
            } else {
                // A trim that was lost is only a republish to be absorbed: not worth remembering without bound.
                fail(purchases, done.cause());
            }
            call();
        });
    }

    // A sale that left the catalog meanwhile is still asked about for those who came before.
    private SaleView latest() {
        SaleView now = sale.get();
        known = now == null ? known : now;
        return known;
    }

    private List<String> nextTrims() {
        if (confirmed.size() <= MAX_TRIMS) {
            List<String> all = confirmed;
            confirmed = new ArrayList<>();
            return all;
        }
        List<String> oldest = confirmed.subList(0, MAX_TRIMS);
        List<String> trims = List.copyOf(oldest);
        oldest.clear();
        return trims;
    }

    private List<Purchase> nextPurchases() {
        List<Purchase> purchases = new ArrayList<>(Math.min(waiting.size(), maxOrders));
        while (purchases.size() < maxOrders && !waiting.isEmpty()) {
            Purchase purchase = waiting.poll();
            if (purchase.isAnswered()) {
                continue;
            }
            if (results.isWorthAsking(purchase)) {
                purchase.asked();
                purchases.add(purchase);
            } else {
                results.refused(purchase);
            }
        }
        return purchases;
    }

    private void settle(SaleView view, List<Purchase> purchases, ReserveReply reply, long askedNanos) {
        if (reply instanceof ReserveReply.Closed closed) {
            purchases.forEach(purchase -> results.closed(purchase, closed));
            return;
        }
        ReserveReply.Decided decided = (ReserveReply.Decided) reply;
        List<OrderLine> winners = new ArrayList<>();
        for (int i = 0; i < purchases.size(); i++) {
            if (decided.outcomes().get(i) instanceof ReserveOutcome.Accepted accepted) {
                Purchase purchase = purchases.get(i);
                winners.add(new OrderLine(purchase.userId(), purchase.quantity(), accepted.attempt()));
            }
        }
        Lot lot = null;
        Future<Void> confirm = null;
        if (!winners.isEmpty()) {
            lot = new Lot(
                    view.saleId(),
                    decided.epoch(),
                    decided.seq(),
                    decided.nowMs(),
                    decided.paymentWindowSeconds(),
                    winners);
            Lot accepted = lot;
            confirm = results.accepted(lot, purchases, askedNanos).onSuccess(v -> confirmed(accepted));
        }
        for (int i = 0; i < purchases.size(); i++) {
            results.decided(purchases.get(i), decided.outcomes().get(i), lot, confirm);
        }
    }

    private void fail(List<Purchase> purchases, Throwable cause) {
        boolean nothingMoved = cause instanceof RedisUnavailable
                || (cause instanceof ErrorType error && NOTHING_MOVED.contains(kind(error)));
        for (Purchase purchase : purchases) {
            if (nothingMoved) {
                results.refused(purchase);
            } else {
                results.unknown(purchase);
            }
        }
    }

    // Redis begins an error with its kind: "OOM command not allowed ...".
    private static String kind(ErrorType error) {
        return String.valueOf(error.getMessage()).split(" ", 2)[0];
    }
}
