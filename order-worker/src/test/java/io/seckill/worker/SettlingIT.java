package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.order.OrderEnd;
import io.seckill.schema.order.OrderEnding;
import io.seckill.schema.order.RestockOutbox;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes after an order was stored: expiry, the way of its units back, events. */
class SettlingIT {
    private TestStack stack;
    private Pool mysql;

    @BeforeEach
    void open() throws Exception {
        stack = new TestStack();
        mysql = MySQLBuilder.pool()
                .with(new PoolOptions().setMaxSize(6))
                .connectingTo(stack.servers().mysql())
                .using(stack.vertx)
                .build();
    }

    @AfterEach
    void close() throws Exception {
        TestStack.await(mysql.close());
        stack.close();
    }

    @Test
    void shouldExpireAndRestockWithinASecondOfTheWindowsEnd() throws Exception {
        String sale = stack.shortSale(3);
        Worker worker = stack.worker();
        stack.buy(sale, "ann", "bob", "cid");
        Await.equal(3L, "orders stored", () -> stack.orders(sale));

        Await.equal(3L, "expired", () -> orders(sale, "expired"));
        Await.equal(3, "units back in Redis", () -> stack.remaining(sale));

        assertTrue(
                stack.number("SELECT MAX(TIMESTAMPDIFF(MICROSECOND, pay_by, settled_at)) FROM orders") < 1_000_000,
                "prompt");
        assertEquals(0, stack.sold(sale));
        Await.equal(3L, "marked", () -> stack.number("SELECT COUNT(*) FROM restock WHERE applied_seq IS NOT NULL"));
        Await.until("they count", () -> worker.metrics().contains("seckill_worker_orders_expired_total 3.0"));
        assertTrue(worker.metrics().contains("seckill_worker_orders_swept_total 0.0"), "the broker reminded");
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldSellAnExpiredUnitAgainAsASecondOrder() throws Exception {
        String sale = stack.shortSale(1);
        stack.worker();
        stack.buy(sale, "ann");
        Await.equal(1, "the unit is back", () -> expiredOnce(sale) ? stack.remaining(sale) : 0);

        Lot again = stack.buy(sale, "ann");

        assertEquals(2, again.orders().get(0).attempt());
        Await.equal(2L, "orders", () -> stack.orders(sale));
        assertEquals(1, stack.sold(sale));
        Await.equal(2L, "both expired", () -> orders(sale, "expired"));
        Await.equal(1, "the unit is back again", () -> stack.remaining(sale));
        assertEquals(0, stack.sold(sale));
    }

    private boolean expiredOnce(String sale) throws Exception {
        return orders(sale, "expired") == 1;
    }

    @Test
    void shouldSweepWhatTheBrokerDoesNotKnowOfAndLeaveWhatIsPaid() throws Exception {
        String sale = stack.shortSale(10);
        insertDue(sale, "forgotten", "pending_payment");
        insertDue(sale, "payer", "paid");

        Worker worker = stack.worker();

        Await.equal(1L, "expired", () -> orders(sale, "expired"));
        assertEquals(1, orders(sale, "paid"));
        assertEquals(1, stack.sold(sale));
        Await.until("it counts as swept", () -> worker.metrics().contains("seckill_worker_orders_swept_total 1.0"));
    }

    @Test
    void shouldNotMindRemindersThatComeTwiceOrForPaidOrUnknownOrders() throws Exception {
        String sale = stack.shortSale(5);
        insertDue(sale, "payer", "paid");
        stack.worker();
        Lot lot = stack.buy(sale, "ann", "bob");
        Await.equal(2L, "expired", () -> orders(sale, "expired"));
        OrderBatch reminder = new OrderBatch(List.of(
                lot,
                new Lot(sale, 1, 99, lot.createdAtMs(), 1, List.of(new OrderLine("payer", 1, 1))),
                new Lot(sale, 1, 98, lot.createdAtMs(), 1, List.of(new OrderLine("nobody", 1, 1)))));

        for (int i = 0; i < 3; i++) {
            stack.channel()
                    .basicPublish(
                            stack.topology.dueExchange(),
                            "",
                            null,
                            reminder.encode().getBytes());
        }
        stack.channel().basicPublish(stack.topology.dueExchange(), "", null, new byte[] {1, 2, 3});

        Await.equal(1L, "the malformed one is recorded", () -> stack.deadLetters("malformed%"));
        Await.equal(5, "units back", () -> stack.remaining(sale));
        stack.drainAndExpectEmptyQueues();
        assertEquals(1, orders(sale, "paid"));
        assertEquals(1, stack.sold(sale));
        assertEquals(2, stack.number("SELECT COUNT(*) FROM restock"));
    }

    @Test
    void shouldEndEachOrderOnceWhenPaymentCancelAndExpiryMeet() throws Exception {
        int count = 300;
        String sale = stack.shortSale(count);
        String[] users = new String[count];
        for (int i = 0; i < count; i++) {
            users[i] = "u" + i;
        }
        Worker worker = stack.worker();
        Lot lot = stack.buy(sale, users);
        Await.equal((long) count, "orders stored", () -> stack.orders(sale));
        long seed = System.nanoTime();
        System.out.println("SettlingIT seed " + seed);
        Random random = new Random(seed);
        Await.until(
                "it is nearly due",
                () -> System.currentTimeMillis() > lot.payBy().toEpochMilli() - 60);
        List<Future<?>> attempts = new ArrayList<>();
        for (int i = 0; i < 2 * count; i++) {
            OrderEnd end = random.nextBoolean() ? OrderEnd.PAID : OrderEnd.CANCELLED;
            attempts.add(end(end, sale, users[random.nextInt(count)]));
        }
        TestStack.await(Future.join(attempts));

        Await.equal(0L, "unpaid orders", () -> orders(sale, "pending_payment"));
        long paid = orders(sale, "paid");
        long freed = orders(sale, "cancelled") + orders(sale, "expired");
        assertEquals(count, paid + freed);
        assertEquals(paid, stack.sold(sale));
        assertEquals(freed, stack.number("SELECT COUNT(*) FROM restock"));
        Await.equal((int) (count - paid), "units back", () -> stack.remaining(sale));
        Await.equal(0L, "events waiting", () -> stack.number("SELECT COUNT(*) FROM order_event"));
        assertTrue(worker.isReady());
        assertEquals(lot.orders().size(), count);
    }

    @Test
    void shouldGiveUnitsBackOnceWhoeverCrashesInBetween() throws Exception {
        String sale = stack.shortSale(2);
        insertDue(sale, "ann", "pending_payment");
        stack.redis();
        reserveOnly(sale, "ann");
        TestStack.await(mysql.withTransaction(
                connection -> OrderEnding.apply(connection, OrderEnd.EXPIRED, List.of(id(sale, "ann", 1)))));
        List<RestockOutbox.Open> open = TestStack.await(RestockOutbox.open(mysql, 10, List.of(), List.of()));
        // Released, and never marked: whoever did it died.
        assertEquals(
                1,
                TestStack.await(RestockOutbox.release(stack.redis(), open))
                        .applied()
                        .size());
        assertEquals(2, stack.remaining(sale));
        reserveOnly(sale, "ann");
        assertEquals(1, stack.remaining(sale));

        stack.worker();

        Await.equal(0L, "open", () -> stack.number("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL"));
        assertEquals(1, stack.remaining(sale), "the second order keeps its unit");
    }

    @Test
    void shouldGoOnWithOtherSalesWhenOneCannotTakeItsUnitsBack() throws Exception {
        stack.sale("absent", 1_000);
        for (int i = 0; i < 600; i++) {
            insertDue("absent", "u" + i, "pending_payment");
        }
        String sale = stack.shortSale(1);
        stack.worker();
        Await.equal(600L, "expired", () -> orders("absent", "expired"));

        stack.buy(sale, "ann");
        Await.equal(1L, "expired", () -> orders(sale, "expired"));
        Await.equal(1, "its unit is back", () -> stack.remaining(sale));

        Await.equal(600L, "open", () -> stack.number("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL"));
    }

    @Test
    void shouldTellEveryoneOfEachState() throws Exception {
        String queue = stack.channel().queueDeclare().getQueue();
        stack.channel().queueBind(queue, stack.topology.eventExchange(), "order.#");
        String sale = stack.shortSale(10);
        stack.worker();
        stack.buy(sale, "payer", "canceller", "sleeper");
        Await.equal(3L, "orders stored", () -> stack.orders(sale));
        TestStack.await(end(OrderEnd.PAID, sale, "payer"));
        TestStack.await(end(OrderEnd.CANCELLED, sale, "canceller"));
        Await.equal(1L, "expired", () -> orders(sale, "expired"));
        TreeMap<String, String> heard = new TreeMap<>();

        Await.until("all events came", () -> {
            var message = stack.channel().basicGet(queue, true);
            if (message != null) {
                JsonObject body = new JsonObject(new String(message.getBody(), StandardCharsets.UTF_8));
                JsonArray events = body.getJsonArray("events");
                for (int i = 0; i < events.size(); i++) {
                    JsonObject event = events.getJsonObject(i);
                    heard.put(
                            event.getString("id"),
                            message.getEnvelope().getRoutingKey() + " " + event.getString("userId"));
                }
            }
            return heard.size() == 6;
        });

        assertEquals("order.paid." + sale + " payer", heard.get(id(sale, "payer", 1) + ":paid"));
        assertEquals("order.cancelled." + sale + " canceller", heard.get(id(sale, "canceller", 1) + ":cancelled"));
        assertEquals("order.expired." + sale + " sleeper", heard.get(id(sale, "sleeper", 1) + ":expired"));
        for (String user : new String[] {"payer", "canceller", "sleeper"}) {
            assertEquals(
                    "order.pending_payment." + sale + " " + user, heard.get(id(sale, user, 1) + ":pending_payment"));
        }
        Await.equal(0L, "events waiting", () -> stack.number("SELECT COUNT(*) FROM order_event"));
    }

    /** Tries until it is no deadlock. */
    private Future<?> end(OrderEnd end, String sale, String user) {
        return mysql.withTransaction(connection -> OrderEnding.apply(connection, end, id(sale, user, 1), user))
                .recover(e ->
                        e instanceof MySQLException sql && (sql.getErrorCode() == 1213 || sql.getErrorCode() == 1205)
                                ? end(end, sale, user).map(List.of())
                                : Future.failedFuture(e));
    }

    private void reserveOnly(String sale, String user) throws Exception {
        stack.redis();
        TestStack.await(stack.redis().reserve(SaleKeys.of(sale), 1, 60_000, List.of(), List.of(new OneUnit(user))));
    }

    private record OneUnit(String userId) implements io.seckill.schema.redis.SeckillFunctions.Purchase {
        @Override
        public int quantity() {
            return 1;
        }
    }

    private void insertDue(String sale, String user, String state) throws Exception {
        stack.sql("INSERT INTO orders (order_id, sale_id, user_id, quantity, attempt, state, created_at, pay_by, epoch,"
                + " lot_seq, batch_id) VALUES ('" + id(sale, user, 1) + "', '" + sale + "', '" + user + "', 1, 1, '"
                + state + "', UTC_TIMESTAMP(3) - INTERVAL 1 HOUR, UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE, 1, 1, 1)");
        stack.sql("UPDATE sale_row SET sold = sold + 1 WHERE sale_id = '" + sale + "'");
    }

    private long orders(String sale, String state) throws Exception {
        return stack.number("SELECT COUNT(*) FROM orders WHERE sale_id = '" + sale + "' AND state = '" + state + "'");
    }

    private static String id(String sale, String user, int attempt) {
        return OrderIds.of(sale, user, attempt).toString();
    }
}
