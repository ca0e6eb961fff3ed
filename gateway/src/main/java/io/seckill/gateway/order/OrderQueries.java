package io.seckill.gateway.order;

import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.order.DeadLetters;
import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A user's orders. MySQL is asked first and Redis after it, so that an order on its way from one to the other is seen in
 * at least one of them. Only ever looks at one user's orders: another's do not exist here.
 */
public final class OrderQueries {
    private static final int MAX_ORDERS = 200;
    private static final int LOOK_AGAIN_MS = 50;
    private static final int STORED_WITHIN_MS = 2_000;
    private static final int MAX_WAITING = 256;
    private static final String STORED =
            "SELECT order_id, sale_id, user_id, quantity, state, created_at, pay_by FROM" + " orders WHERE user_id = ?";
    // A letter that was sent again is on its way. A stale one is of a purchase that nobody was promised, and that may
    // have
    // been made anew under the same id. To be followed by a list of order ids.
    private static final String REJECTED = " FROM dead_letter d WHERE d.replayed_at IS NULL AND " + DeadLetters.REASON
            + " <> '" + DeadLetters.STALE_EPOCH + "' AND d.order_id IN ";

    private final Vertx vertx;
    private final Pool mysql;
    private final SeckillFunctions functions;
    private final Supplier<SaleCatalog> catalog;
    private final int timeoutMs;
    private int waiting;

    public OrderQueries(
            Vertx vertx, Pool mysql, SeckillFunctions functions, Supplier<SaleCatalog> catalog, int timeoutMs) {
        this.vertx = vertx;
        this.mysql = mysql;
        this.functions = functions;
        this.catalog = catalog;
        this.timeoutMs = timeoutMs;
    }

    /** The user's order, or null. */
    public Future<OrderJson> find(String userId, String orderId) {
        return mysql.preparedQuery(STORED + " AND order_id = ?")
                .execute(Tuple.of(userId, orderId))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .compose(rows -> rows.size() > 0
                        ? Future.succeededFuture(stored(rows.iterator().next()))
                        : queued(userId, salesOf(userId, orderId))
                                .map(orders -> orders.get(orderId))
                                .compose(order -> order == null
                                        ? Future.succeededFuture(null)
                                        : rejected(List.of(order)).map(checked -> checked.get(0))));
    }

    /**
     * The user's order when MySQL has it, or null. One that is on its way there is waited for, a while and by a bounded
     * number of callers; then it is told as queued.
     */
    public Future<OrderJson> stored(String userId, String orderId) {
        return find(userId, orderId).compose(order -> {
            if (order == null || !order.state().equals(OrderJson.QUEUED) || waiting >= MAX_WAITING) {
                return Future.succeededFuture(order);
            }
            waiting++;
            return awaitStored(order, System.nanoTime()).onComplete(done -> waiting--);
        });
    }

    private Future<OrderJson> awaitStored(OrderJson queued, long since) {
        if (System.nanoTime() - since > STORED_WITHIN_MS * 1_000_000L) {
            return Future.succeededFuture(queued);
        }
        return vertx.timer(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)
                .compose(v -> find(queued.userId(), queued.id()))
                .compose(now -> now == null || now.state().equals(OrderJson.QUEUED)
                        ? awaitStored(queued, since)
                        : Future.succeededFuture(now));
    }

    /** What an order costs, all its units together, in the currency's smallest unit. */
    public record Price(long amount, String currency) {}

    /** Fails if MySQL does not have the order. */
    public Future<Price> price(String orderId) {
        return mysql.preparedQuery("SELECT o.quantity * s.price_amount AS amount, s.price_currency FROM orders o"
                        + " JOIN sale_row s ON s.sale_id = o.sale_id WHERE o.order_id = ?")
                .execute(Tuple.of(orderId))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Price(row.getLong("amount"), row.getString("price_currency"));
                });
    }

    /** Which of the user's orders in a sale the next purchase would name: the active one, else the one after the last. */
    public Future<Integer> attempt(String userId, String saleId) {
        return mysql.preparedQuery("SELECT attempt, active FROM orders WHERE user_id = ? AND sale_id = ?"
                        + " ORDER BY attempt DESC LIMIT 1")
                .execute(Tuple.of(userId, saleId))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .map(rows -> {
                    if (rows.size() == 0) {
                        return 1;
                    }
                    Row last = rows.iterator().next();
                    return last.getInteger("attempt") + (last.getInteger("active") == null ? 1 : 0);
                });
    }

    /**
     * The states of orders, whoever's they are; one that is on its way into MySQL is left out.
     *
     * @param orderIds ids that were checked to be such
     */
    public Future<Map<String, String>> states(List<String> orderIds) {
        String ids = String.join("','", orderIds);
        return mysql.query("SELECT order_id, state FROM orders WHERE order_id IN ('" + ids + "')"
                        + " UNION ALL SELECT order_id, 'rejected'" + REJECTED + "('" + ids + "')")
                .execute()
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .map(rows -> {
                    Map<String, String> states = new LinkedHashMap<>();
                    // A dead letter of an order that was stored after all says nothing.
                    rows.forEach(row -> states.putIfAbsent(row.getString(0), row.getString(1)));
                    return states;
                });
    }

    /** All of the user's orders, the newest first, at most 200. */
    public Future<List<OrderJson>> list(String userId) {
        return mysql.preparedQuery(STORED + " ORDER BY created_at DESC LIMIT " + MAX_ORDERS)
                .execute(Tuple.of(userId))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .compose(rows -> queued(userId, begun()).compose(queued -> {
                    rows.forEach(row -> queued.remove(row.getString("order_id")));
                    return rejected(new ArrayList<>(queued.values())).map(orders -> {
                        rows.forEach(row -> orders.add(stored(row)));
                        orders.sort(Comparator.comparing(OrderJson::createdAt).reversed());
                        return orders;
                    });
                }));
    }

    private List<SaleView> begun() {
        SaleCatalog now = catalog.get();
        return now.newestFirst().stream()
                .filter(sale -> sale.row().startsMs() <= now.nowMs())
                .toList();
    }

    // The sale that the id belongs to, if it is the user's first order there; else any may be it.
    private List<SaleView> salesOf(String userId, String orderId) {
        List<SaleView> all = begun();
        for (SaleView sale : all) {
            if (OrderIds.of(sale.saleId(), userId, 1).toString().equals(orderId)) {
                return List.of(sale);
            }
        }
        return all;
    }

    // The user's entries in Redis, by order id: accepted for sure, whether or not MySQL has them.
    private Future<Map<String, OrderJson>> queued(String userId, List<SaleView> sales) {
        List<Future<BuyerEntry>> entries = new ArrayList<>(sales.size());
        for (SaleView sale : sales) {
            entries.add(functions.find(sale.keys(), userId));
        }
        return Future.all(entries).map(all -> {
            Map<String, OrderJson> orders = new LinkedHashMap<>();
            for (int i = 0; i < sales.size(); i++) {
                BuyerEntry entry = entries.get(i).result();
                if (entry != null && entry.active()) {
                    OrderJson order = queued(userId, sales.get(i).row(), entry);
                    orders.put(order.id(), order);
                }
            }
            return orders;
        });
    }

    private static OrderJson queued(String userId, SaleRow sale, BuyerEntry entry) {
        Instant createdAt = Instant.ofEpochMilli(entry.createdAtMs());
        return new OrderJson(
                OrderIds.of(sale.saleId(), userId, entry.attempt()).toString(),
                sale.saleId(),
                userId,
                entry.quantity(),
                OrderJson.QUEUED,
                createdAt,
                createdAt.plusSeconds(sale.paymentWindowSeconds()));
    }

    // An order that ended as a dead letter will not be stored: say so.
    private Future<List<OrderJson>> rejected(List<OrderJson> queued) {
        if (queued.isEmpty()) {
            return Future.succeededFuture(queued);
        }
        List<Object> ids = new ArrayList<>();
        queued.forEach(order -> ids.add(order.id()));
        String marks = "?" + ", ?".repeat(ids.size() - 1);
        return mysql.preparedQuery("SELECT order_id" + REJECTED + "(" + marks + ")")
                .execute(Tuple.tuple(ids))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .map(rows -> {
                    List<Object> dead = new ArrayList<>();
                    rows.forEach(row -> dead.add(row.getString("order_id")));
                    List<OrderJson> orders = new ArrayList<>();
                    queued.forEach(order -> orders.add(dead.contains(order.id()) ? order.as("rejected") : order));
                    return orders;
                });
    }

    private static OrderJson stored(Row row) {
        return new OrderJson(
                row.getString("order_id"),
                row.getString("sale_id"),
                row.getString("user_id"),
                row.getInteger("quantity"),
                row.getString("state"),
                row.getLocalDateTime("created_at").toInstant(ZoneOffset.UTC),
                row.getLocalDateTime("pay_by").toInstant(ZoneOffset.UTC));
    }
}
