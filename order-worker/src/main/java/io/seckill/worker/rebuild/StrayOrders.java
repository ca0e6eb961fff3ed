package io.seckill.worker.rebuild;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import io.seckill.schema.redis.SeckillFunctions;
import io.seckill.worker.rebuild.RebuildWatch.Sale;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends orders again that RabbitMQ confirmed and then lost, as when somebody deletes a queue with orders in it: Redis knows
 * what it accepted. A sale is looked through when units are neither free nor sold and nothing moved for a while; once for
 * each such state, since a dead letter looks the same. Orders that are only slow may be sent twice by it, and are absorbed.
 * Belongs to one context.
 */
final class StrayOrders {
    private static final Logger LOG = LoggerFactory.getLogger(StrayOrders.class);
    private static final long QUIET_NANOS = 5_000_000_000L;
    private static final int PAGE = 1_000;

    private final LedgerSession mysql;
    private final SeckillFunctions redis;
    private final Function<Lot, Future<Void>> publish;
    private final LongSupplier nanos;
    private final Map<String, Quiet> quiet = new HashMap<>();

    /**
     * @param publish sends a lot on its way again; succeeds when RabbitMQ confirmed it
     * @param nanos a monotonic clock
     */
    StrayOrders(LedgerSession mysql, SeckillFunctions redis, Function<Lot, Future<Void>> publish, LongSupplier nanos) {
        this.mysql = mysql;
        this.redis = redis;
        this.publish = publish;
        this.nanos = nanos;
    }

    /** What a sale looked like, and since when. */
    private record Quiet(int epoch, long seq, int sold, long sinceNanos, boolean done) {
        boolean isStill(Sale sale, SaleStatus status) {
            return epoch == status.epoch() && seq == status.seq() && sold == sale.sold();
        }

        Quiet whenDone() {
            return new Quiet(epoch, seq, sold, sinceNanos, true);
        }
    }

    /** Forgets sales that are no longer looked after. */
    void retain(Set<String> saleIds) {
        quiet.keySet().retainAll(saleIds);
    }

    /** @return whether strays were found; the sale is on sale */
    Future<Boolean> look(Sale sale, SaleStatus status) {
        long between = status.stock() - status.remaining() - sale.sold() - sale.freed();
        Quiet before = quiet.get(sale.saleId());
        if (between <= 0 || status.unconfirmed() > 0 || before == null || !before.isStill(sale, status)) {
            quiet.put(sale.saleId(), new Quiet(status.epoch(), status.seq(), sale.sold(), nanos.getAsLong(), false));
            return Future.succeededFuture(false);
        }
        if (before.done || nanos.getAsLong() - before.sinceNanos < QUIET_NANOS) {
            return Future.succeededFuture(false);
        }
        quiet.put(sale.saleId(), before.whenDone());
        return search(sale, "0", 0)
                .onSuccess(found -> {
                    if (found > 0) {
                        LOG.warn(
                                "accepted orders were nowhere, and are sent again saleId={} orders={}",
                                sale.saleId(),
                                found);
                    }
                })
                // Not done, then: the next look tries again.
                .onFailure(e -> quiet.put(sale.saleId(), before))
                .map(found -> found > 0);
    }

    private Future<Integer> search(Sale sale, String cursor, int before) {
        return redis.scan(SaleKeys.of(sale.saleId()), cursor, PAGE).compose(page -> {
            Map<String, Integer> active = new HashMap<>();
            for (int i = 0; i < page.users().size(); i++) {
                BuyerEntry entry = page.entries().get(i);
                if (entry.active()) {
                    active.put(
                            OrderIds.of(sale.saleId(), page.users().get(i), entry.attempt())
                                    .toString(),
                            i);
                }
            }
            return known(active.keySet()).compose(known -> {
                active.keySet().removeAll(known);
                return publish(sale, page, active.values())
                        .compose(v -> page.last()
                                ? Future.succeededFuture(before + active.size())
                                : search(sale, page.nextCursor(), before + active.size()));
            });
        });
    }

    /** Those that are orders, or dead letters. The ids are ours: hexadecimal digits and dashes. */
    private Future<Set<String>> known(Set<String> orderIds) {
        if (orderIds.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        String in = orderIds.stream().collect(Collectors.joining("','", "('", "')"));
        return mysql.look(connection -> connection
                .query("SELECT order_id FROM orders WHERE order_id IN " + in
                        + " UNION SELECT order_id FROM dead_letter WHERE order_id IN " + in)
                .execute()
                .map(rows -> {
                    Set<String> known = new HashSet<>();
                    rows.forEach(row -> known.add(row.getString(0)));
                    return known;
                }));
    }

    /** As the lots that they were, without those who are stored. */
    private Future<?> publish(Sale sale, SeckillFunctions.Page page, Iterable<Integer> strays) {
        Map<String, List<Integer>> lots = new TreeMap<>();
        for (int stray : strays) {
            BuyerEntry entry = page.entries().get(stray);
            lots.computeIfAbsent(Lot.id(entry.epoch(), entry.seq()), id -> new ArrayList<>())
                    .add(stray);
        }
        List<Future<?>> sent = new ArrayList<>();
        for (List<Integer> lot : lots.values()) {
            for (int from = 0; from < lot.size(); from += OrderBatch.MAX_ORDERS) {
                sent.add(publish.apply(
                        lot(sale, page, lot.subList(from, Math.min(lot.size(), from + OrderBatch.MAX_ORDERS)))));
            }
        }
        return Future.all(sent);
    }

    private static Lot lot(Sale sale, SeckillFunctions.Page page, List<Integer> places) {
        BuyerEntry first = page.entries().get(places.get(0));
        List<OrderLine> orders = new ArrayList<>();
        for (int place : places) {
            BuyerEntry entry = page.entries().get(place);
            orders.add(new OrderLine(page.users().get(place), entry.quantity(), entry.attempt()));
        }
        return new Lot(
                sale.saleId(), first.epoch(), first.seq(), first.createdAtMs(), sale.paymentWindowSeconds(), orders);
    }
}
