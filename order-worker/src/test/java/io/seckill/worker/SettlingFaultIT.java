package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.GetResponse;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.fault.TcpProxy;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.order.OrderEnd;
import io.seckill.schema.order.OrderEnding;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that fail under what comes after an order was stored: all of it happens, once, and by itself. */
class SettlingFaultIT {
    private static final String COMMIT = "\u0003COMMIT";

    private TestStack stack;
    private ServerSettings servers;
    private Pool mysql;

    @BeforeEach
    void open() throws Exception {
        stack = new TestStack();
        servers = stack.servers();
        mysql = MySQLBuilder.pool()
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(servers.mysql())
                .using(stack.vertx)
                .build();
    }

    @AfterEach
    void close() throws Exception {
        TestStack.await(mysql.close());
        stack.close();
    }

    @Test
    void shouldTellOfEveryStateThoughTheBrokerIsLostAgainAndAgain() throws Exception {
        long seed = System.nanoTime();
        System.out.println("SettlingFaultIT seed " + seed);
        Random random = new Random(seed);
        int batches = 40;
        int size = 10;
        String queue = eventQueue();
        Map<String, Set<String>> heard = new HashMap<>();
        stack.sale("s", batches * size);
        try (TcpProxy rabbit = rabbitProxy()) {
            Worker worker = stack.worker(
                    "SECKILL_AMQP_URI", through(rabbit, servers.amqp().uri()), "SECKILL_CONFIRM_TIMEOUT_MS", "300");
            for (int i = 0; i < batches; i++) {
                stack.publish(stack.batch("s", 1, TestStack.users("u", i * size, (i + 1) * size)));
                disturb(rabbit, worker, random.nextInt(12));
            }
            Await.equal((long) batches * size, "orders", () -> stack.orders("s"));
            for (int i = 0; i < batches; i++) {
                cancel("s", i * size, (i + 1) * size);
                // Each kind once at least.
                disturb(rabbit, worker, i < 3 ? i : random.nextInt(12));
            }

            Await.until("all is heard", () -> {
                hear(queue, heard);
                return heard.size() >= 2 * batches * size;
            });
            Await.equal(0L, "events waiting", () -> stack.number("SELECT COUNT(*) FROM order_event"));
            hear(queue, heard);
        }
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < batches * size; i++) {
            expected.add(id("s", "u" + i) + ":pending_payment");
            expected.add(id("s", "u" + i) + ":cancelled");
        }
        assertEquals(expected, heard.keySet(), "seed " + seed);
        heard.forEach((id, tellings) -> assertEquals(1, tellings.size(), () -> id + " is told as " + tellings));
    }

    @Test
    void shouldExpireAllOnceThoughMysqlGoesAwayInTheMiddle() throws Exception {
        try (TcpProxy proxy = new TcpProxy(servers.mysqlHost(), servers.mysqlPort());
                LogLines log = new LogLines()) {
            String sale = stack.shortSale(200, 2);
            Worker worker = stack.worker(
                    "SECKILL_MYSQL_HOST", "127.0.0.1",
                    "SECKILL_MYSQL_PORT", "" + proxy.port(),
                    "SECKILL_STORE_TIMEOUT_MS", "500");
            for (int i = 0; i < 4; i++) {
                stack.buy(sale, names(i * 50, (i + 1) * 50));
            }
            Await.equal(200L, "orders stored", () -> stack.orders(sale));
            Await.equal(0L, "messages left", () -> stack.channel().messageCount(stack.topology.orderQueue()));
            proxy.loseReplyTo(COMMIT);
            Await.until("some are expired", () -> orders(sale, "expired") > 0);
            proxy.refuse(true);
            int linesBefore = log.count();

            // It is away for three seconds.
            TestStack.await(stack.vertx.timer(3_000));

            int lines = log.count() - linesBefore;
            System.out.println(lines + " lines, " + proxy.refused() + " attempts to connect");
            assertTrue(lines < 150, lines + " lines");
            assertTrue(proxy.refused() < 100, proxy.refused() + " attempts to connect");
            assertTrue(!worker.isReady());
            proxy.refuse(false);
            Await.equal(200L, "expired", () -> orders(sale, "expired"));
            Await.equal(200, "units back in Redis", () -> stack.remaining(sale));
            Await.until("it is ready again", worker::isReady);
            assertEquals(0, stack.sold(sale));
            assertEquals(200, stack.number("SELECT COUNT(*) FROM restock"));
            Await.equal(0L, "events waiting", () -> stack.number("SELECT COUNT(*) FROM order_event"));
            stack.drainAndExpectEmptyQueues();
            assertEquals(0, stack.deadLetters("%"));
        }
    }

    @Test
    void shouldSweepWhatADeletedDelayQueueHeldAndRemindOfTheNextOrders() throws Exception {
        String sale = stack.shortSale(10, 3);
        String delayQueue = stack.topology.delayQueue(3);
        stack.topology.declareDelay(stack.channel(), 3);
        Worker worker = stack.worker();
        stack.buy(sale, "ann", "bob");
        Await.until("the broker is to remind", () -> stack.orders(sale) == 2 && hasMessage(delayQueue));

        stack.channel().queueDelete(delayQueue);

        Await.equal(2L, "expired", () -> orders(sale, "expired"));
        assertTrue(maxLagMs(sale) < 10_000, "swept in time");
        Await.until("they count as swept", () -> worker.metrics().contains("seckill_worker_orders_swept_total 2.0"));
        stack.buy(sale, "cid");
        Await.equal(3L, "expired", () -> orders(sale, "expired"));
        Await.until("it counts", () -> worker.metrics().contains("seckill_worker_orders_expired_total 3.0"));
        assertTrue(worker.metrics().contains("seckill_worker_orders_swept_total 2.0"), "the broker reminded");
        Await.equal(10, "units back in Redis", () -> stack.remaining(sale));
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldExpireEachOrderOnceWithTwoWorkersAndEveryReminderThrice() throws Exception {
        int count = 1_000;
        String queue = eventQueue();
        String sale = stack.shortSale(count, 3);
        Worker one = stack.worker("SECKILL_INSTANCE", "one");
        Worker two = stack.worker("SECKILL_INSTANCE", "two");
        List<Lot> lots = new ArrayList<>();
        for (int i = 0; i < count; i += 50) {
            lots.add(stack.buy(sale, names(i, i + 50)));
        }
        Await.equal((long) count, "orders stored", () -> stack.orders(sale));
        assertEquals(0, stack.remaining(sale));
        Lot last = lots.get(lots.size() - 1);
        Await.until(
                "they are due", () -> System.currentTimeMillis() > last.payBy().toEpochMilli());
        for (int i = 0; i < 2; i++) {
            for (Lot lot : lots) {
                byte[] reminder = new OrderBatch(List.of(lot)).encode().getBytes();
                stack.channel().basicPublish(stack.topology.dueExchange(), "", null, reminder);
            }
        }

        Await.equal((long) count, "expired", () -> orders(sale, "expired"));
        Await.equal(count, "units back in Redis", () -> stack.remaining(sale));
        Await.equal(0L, "events waiting", () -> stack.number("SELECT COUNT(*) FROM order_event"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(0, stack.deadLetters("%"));
        assertEquals(0, stack.sold(sale));
        assertEquals(count, stack.number("SELECT COUNT(*) FROM restock WHERE applied_seq IS NOT NULL"));
        assertEquals(count, stack.remaining(sale));
        System.out.println("expired by each: " + expired(one) + " and " + expired(two));
        assertEquals(count, expired(one) + expired(two));
        Map<String, Set<String>> heard = new HashMap<>();
        hear(queue, heard);
        assertEquals(
                count,
                heard.keySet().stream().filter(id -> id.endsWith(":expired")).count());
    }

    /** What happens to the broker's connections after a step, if anything; the worker gets over it alone. */
    private static void disturb(TcpProxy rabbit, Worker worker, int kind) throws Exception {
        switch (kind) {
            case 0 -> rabbit.cut();
            // Messages arrive, confirms and deliveries do not.
            case 1 -> rabbit.swallowReplies();
            case 2 -> {
                // What is published now is lost.
                rabbit.pause(true);
                Await.until("it misses the broker", () -> !worker.isReady());
                rabbit.cut();
                rabbit.pause(false);
            }
            default -> {}
        }
    }

    private void cancel(String sale, int from, int to) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = from; i < to; i++) {
            ids.add(id(sale, "u" + i));
        }
        assertEquals(
                to - from,
                TestStack.await(mysql.withTransaction(
                                connection -> OrderEnding.apply(connection, OrderEnd.CANCELLED, ids)))
                        .size());
    }

    private String eventQueue() throws IOException {
        String queue = stack.channel().queueDeclare().getQueue();
        stack.channel().queueBind(queue, stack.topology.eventExchange(), "order.#");
        return queue;
    }

    /** Takes all event messages: by event id, the different ways in which it was told. */
    private void hear(String queue, Map<String, Set<String>> heard) throws IOException {
        GetResponse message = stack.channel().basicGet(queue, true);
        while (message != null) {
            String key = message.getEnvelope().getRoutingKey();
            JsonArray events =
                    new JsonObject(new String(message.getBody(), StandardCharsets.UTF_8)).getJsonArray("events");
            for (int i = 0; i < events.size(); i++) {
                JsonObject event = events.getJsonObject(i);
                heard.computeIfAbsent(event.getString("id"), id -> new HashSet<>())
                        .add(key + " " + event.encode());
            }
            message = stack.channel().basicGet(queue, true);
        }
    }

    private boolean hasMessage(String queue) throws IOException {
        return stack.channel().messageCount(queue) > 0;
    }

    private long maxLagMs(String sale) throws Exception {
        return stack.number("SELECT MAX(TIMESTAMPDIFF(MICROSECOND, pay_by, settled_at)) DIV 1000 FROM orders"
                + " WHERE sale_id = '" + sale + "'");
    }

    private static int expired(Worker worker) {
        String name = "seckill_worker_orders_expired_total ";
        return worker.metrics()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    private long orders(String sale, String state) throws Exception {
        return stack.number("SELECT COUNT(*) FROM orders WHERE sale_id = '" + sale + "' AND state = '" + state + "'");
    }

    private static String[] names(int from, int to) {
        String[] users = new String[to - from];
        for (int i = from; i < to; i++) {
            users[i - from] = "u" + i;
        }
        return users;
    }

    private static String id(String sale, String user) {
        return OrderIds.of(sale, user, 1).toString();
    }

    private TcpProxy rabbitProxy() throws IOException {
        URI direct = URI.create(servers.amqp().uri());
        return new TcpProxy(direct.getHost(), direct.getPort());
    }

    /** The same broker and user, by way of the proxy. */
    private static String through(TcpProxy proxy, String amqpUri) {
        URI direct = URI.create(amqpUri);
        String path = direct.getRawPath() == null ? "" : direct.getRawPath();
        return direct.getScheme() + "://" + direct.getRawUserInfo() + "@127.0.0.1:" + proxy.port() + path;
    }
}
