package io.seckill.worker.rebuild;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.order.DeadLetters;
import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepted orders that are nowhere but in Redis: what RabbitMQ confirmed and then lost, as when somebody deletes a queue with
 * orders in it, just before Redis is lost too. Where its keys survived, a rebuild sends them on their way again, or it would
 * sell their units to others. Belongs to one context.
 */
final class StrayOrders {
    private static final Logger LOG = LoggerFactory.getLogger(StrayOrders.class);
    private static final int PAGE = 1_000;

    private final LedgerSession mysql;
    private final SeckillFunctions redis;
    private final Function<Lot, Future<Void>> publish;

    /** @param publish sends a lot on its way again; succeeds when RabbitMQ confirmed it */
    StrayOrders(LedgerSession mysql, SeckillFunctions redis, Function<Lot, Future<Void>> publish) {
        this.mysql = mysql;
        this.redis = redis;
        this.publish = publish;
    }

    private record Sale(String saleId, long accountedFor, int paymentWindowSeconds) {}

    /**
     * Looks through the buyers of a sale, if it has units that are neither free nor accounted for. To be called when nothing
     * is under way.
     *
     * @return how many orders were sent again
     */
    Future<Integer> sendAgain(String saleId) {
        return redis.status(SaleKeys.of(saleId)).compose(status -> {
            if (!status.present()) {
                return Future.succeededFuture(0);
            }
            return read(saleId)
                    .compose(sale -> status.taken() <= sale.accountedFor
                            ? Future.succeededFuture(0)
                            : search(sale, "0", 0).onSuccess(found -> tell(saleId, found)));
        });
    }

    private static void tell(String saleId, int found) {
        if (found > 0) {
            LOG.atError()
                    .addKeyValue("saleId", saleId)
                    .addKeyValue("orders", found)
                    .log("ALARM: RabbitMQ lost accepted orders; sending them again");
        }
    }

    private Future<Sale> read(String saleId) {
        return mysql.look(connection -> connection
                .preparedQuery("SELECT s.payment_window_s, s.sold"
                        + " + (SELECT CAST(COALESCE(SUM(r.quantity), 0) AS SIGNED) FROM restock r"
                        + " WHERE r.sale_id = s.sale_id AND r.applied_at IS NULL) AS units"
                        + " FROM sale_row s WHERE s.sale_id = ?")
                .execute(Tuple.of(saleId))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Sale(saleId, row.getLong("units"), row.getInteger("payment_window_s"));
                }));
    }

    private Future<Integer> search(Sale sale, String cursor, int before) {
        return redis.scan(SaleKeys.of(sale.saleId), cursor, PAGE).compose(page -> {
            Map<String, Integer> active = new HashMap<>();
            for (int i = 0; i < page.users().size(); i++) {
                BuyerEntry entry = page.entries().get(i);
                if (entry.active()) {
                    active.put(
                            OrderIds.of(sale.saleId, page.users().get(i), entry.attempt())
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

    /** Those that are orders, or dead letters that a rebuild keeps. The ids are ours: hexadecimal digits and dashes. */
    private Future<Set<String>> known(Set<String> orderIds) {
        if (orderIds.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        String in = orderIds.stream().collect(Collectors.joining("','", "('", "')"));
        return mysql.look(connection -> connection
                .query("SELECT order_id FROM orders WHERE order_id IN " + in
                        + " UNION ALL SELECT order_id FROM dead_letter d WHERE order_id IN " + in + " AND "
                        + DeadLetters.HOLDS_UNITS)
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
        return new Lot(sale.saleId, first.epoch(), first.seq(), first.createdAtMs(), sale.paymentWindowSeconds, orders);
    }
}
