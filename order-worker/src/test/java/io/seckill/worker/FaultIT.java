package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.fault.TcpProxy;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that fail: nothing is lost, nothing counts twice, and all heals by itself. */
class FaultIT {
    private TestStack stack;

    @BeforeEach
    void open() throws Exception {
        stack = new TestStack();
        stack.sale("s", 100_000);
    }

    @AfterEach
    void close() throws Exception {
        stack.close();
    }

    @Test
    void shouldCountOnceThroughKilledConnections() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        stack.worker("SECKILL_WORKER_INSTANCES", "2", "SECKILL_PREFETCH", "4");
        int batches = 400;
        int kills = 0;
        for (int i = 0; i < batches; i++) {
            stack.publish(stack.batch("s", 1, TestStack.users("u", i * 25, i * 25 + 25)));
            if (random.nextInt(20) == 0) {
                kills += killWorkers();
            }
        }
        stack.published();
        for (int i = 0; i < 10; i++) {
            long before = stack.orders("s");
            Await.until("it goes on", () -> stack.orders("s") > before || before == batches * 25L);
            kills += killWorkers();
        }
        Await.equal(batches * 25L, "orders", () -> stack.orders("s"));
        stack.drainAndExpectEmptyQueues();
        System.out.println(kills + " connections killed");
        assertTrue(kills > 0);
        assertEquals(batches * 25L, stack.sold("s"), "seed " + seed);
        assertEquals(0, stack.deadLetters("%"), "seed " + seed);
    }

    @Test
    void shouldCountOnceWhenTheReplyToCommitIsLost() throws Exception {
        ServerSettings servers = stack.servers();
        try (TcpProxy mysql = new TcpProxy(servers.mysqlHost(), servers.mysqlPort())) {
            Worker worker = stack.worker(
                    "SECKILL_MYSQL_HOST", "127.0.0.1",
                    "SECKILL_MYSQL_PORT", "" + mysql.port(),
                    "SECKILL_STORE_TIMEOUT_MS", "500");
            mysql.loseReplyTo("INSERT INTO orders", "COMMIT");
            stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 10)));
            Await.until("the second attempt finds all of them", () -> worker.metrics()
                    .contains("seckill_worker_orders_duplicates_total 10.0"));
            assertTrue(worker.metrics().contains("seckill_worker_transactions_total{outcome=\"unavailable\"} 1.0"));
            stack.drainAndExpectEmptyQueues();
        }
        assertEquals(10, stack.orders("s"));
        assertEquals(10, stack.sold("s"));
    }

    @Test
    void shouldTryAgainAfterALockTimeout() throws Exception {
        Worker worker = stack.worker("SECKILL_STORE_TIMEOUT_MS", "3000");
        stack.sql("SET autocommit = 0");
        stack.sql("SELECT sold FROM sale_row WHERE sale_id = 's' FOR UPDATE");
        stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 10)));
        Await.until("it gave up waiting once", () -> worker.metrics().contains("outcome=\"retried\""));
        stack.sql("ROLLBACK");
        stack.sql("SET autocommit = 1");
        Await.equal(10L, "sold", () -> stack.sold("s"));
        assertTrue(worker.isReady());
        stack.drainAndExpectEmptyQueues();
        assertEquals(10, stack.orders("s"));
    }

    @Test
    void shouldLoseNothingWhenMysqlAndRabbitAreCutInTurn() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ServerSettings servers = stack.servers();
        try (TcpProxy mysql = new TcpProxy(servers.mysqlHost(), servers.mysqlPort());
                TcpProxy rabbit = new TcpProxy(
                        URI.create(servers.amqp().uri()).getHost(),
                        URI.create(servers.amqp().uri()).getPort())) {
            Worker worker = stack.worker(
                    "SECKILL_MYSQL_HOST", "127.0.0.1",
                    "SECKILL_MYSQL_PORT", "" + mysql.port(),
                    "SECKILL_AMQP_URI", through(rabbit, servers.amqp().uri()),
                    "SECKILL_STORE_TIMEOUT_MS", "500",
                    "SECKILL_PREFETCH", "4");
            for (int i = 0; i < 200; i++) {
                stack.publish(stack.batch("s", 1, TestStack.users("u", i * 25, i * 25 + 25)));
                switch (random.nextInt(30)) {
                    case 0 -> mysql.cut();
                    case 1 -> rabbit.cut();
                    // Requests reach the server, replies do not: a COMMIT may be done without our knowing.
                    case 2 -> mysql.swallowReplies();
                    default -> {}
                }
            }
            stack.published();
            mysql.swallowReplies();
            Await.until("MySQL is missed", () -> !worker.isReady());
            Await.equal(5_000L, "orders", () -> stack.orders("s"));
            Await.until("it is ready again", worker::isReady);
            stack.drainAndExpectEmptyQueues();
        }
        assertEquals(5_000, stack.sold("s"), "seed " + seed);
        assertEquals(0, stack.deadLetters("%"), "seed " + seed);
    }

    @Test
    void shouldHoldOrdersWhileMysqlIsAwayAndStoreThemAfterwards() throws Exception {
        ServerSettings servers = stack.servers();
        try (TcpProxy mysql = new TcpProxy(servers.mysqlHost(), servers.mysqlPort())) {
            Worker worker = stack.worker(
                    "SECKILL_MYSQL_HOST",
                    "127.0.0.1",
                    "SECKILL_MYSQL_PORT",
                    "" + mysql.port(),
                    "SECKILL_PREFETCH",
                    "4");
            mysql.refuse(true);
            for (int i = 0; i < 20; i++) {
                stack.publish(stack.batch("s", 1, TestStack.users("u", i * 10, i * 10 + 10)));
            }
            stack.published();
            Await.until("it is not ready", () -> !worker.isReady());
            // The prefetch stops the flow: the rest stays with the broker.
            Await.equal(16L, "messages left", () -> stack.channel().messageCount(stack.topology.orderQueue()));
            mysql.refuse(false);
            Await.equal(200L, "sold", () -> stack.sold("s"));
            Await.until("it is ready again", worker::isReady);
            stack.drainAndExpectEmptyQueues();
        }
    }

    @Test
    void shouldStoreWhatArrivesUnroutedWhenTheOrderQueueIsDeletedAndPutItBack() throws Exception {
        Worker worker = stack.worker();
        stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 10)));
        Await.equal(10L, "sold", () -> stack.sold("s"));
        stack.channel().queueDelete(stack.topology.orderQueue());
        stack.publish(stack.batch("s", 1, TestStack.users("v", 0, 10)));
        stack.published();
        Await.equal(20L, "sold", () -> stack.sold("s"));
        Await.until("it consumes again", () -> {
            AMQP.Queue.DeclareOk queue = stack.queue(stack.topology.orderQueue());
            return queue != null && queue.getConsumerCount() > 0;
        });
        Await.until("it is ready", worker::isReady);
        stack.publish(stack.batch("s", 1, TestStack.users("w", 0, 10)));
        Await.equal(30L, "sold", () -> stack.sold("s"));
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldNotAckWhatCouldNotBeDeadLettered() throws Exception {
        Worker worker = stack.worker("SECKILL_CONFIRM_TIMEOUT_MS", "300");
        stack.channel().exchangeDelete(stack.topology.deadExchange());
        // Not even the worker can put it back: the name is taken by an exchange of another kind.
        stack.channel().exchangeDeclare(stack.topology.deadExchange(), "direct");
        stack.channel().queueDelete(stack.topology.deadQueue());
        Await.until("it misses the queue", () -> !worker.isReady());
        stack.publish(stack.batch("nowhere", 1, TestStack.users("u", 0, 1)));
        stack.published();
        stack.channel().exchangeDelete(stack.topology.deadExchange());
        Await.equal(1L, "dead letters", () -> stack.deadLetters("no_such_sale"));
        Await.until("it is ready again", worker::isReady);
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldDrainInTimeWhileMysqlIsAwayAndLeaveTheOrdersToTheBroker() throws Exception {
        ServerSettings servers = stack.servers();
        try (TcpProxy mysql = new TcpProxy(servers.mysqlHost(), servers.mysqlPort())) {
            Worker worker = stack.worker("SECKILL_MYSQL_HOST", "127.0.0.1", "SECKILL_MYSQL_PORT", "" + mysql.port());
            mysql.refuse(true);
            Await.until("it is not ready", () -> !worker.isReady());
            stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 10)));
            stack.published();
            Await.equal(0L, "messages left", () -> stack.channel().messageCount(stack.topology.orderQueue()));
            stack.drain(worker);
            assertFalse(worker.isReady());
            Await.equal(1L, "messages left", () -> stack.channel().messageCount(stack.topology.orderQueue()));
        }
        stack.worker();
        Await.equal(10L, "sold", () -> stack.sold("s"));
        stack.drainAndExpectEmptyQueues();
    }

    /** Kills every connection to this test's database but the test's own. */
    private int killWorkers() throws Exception {
        List<String> ids = stack.connectionsToDatabase();
        for (String id : ids) {
            try {
                stack.sql("KILL " + id);
            } catch (java.sql.SQLException e) {
                // Gone already.
                assertEquals(1094, e.getErrorCode());
            }
        }
        return ids.size();
    }

    /** The same broker and user, by way of the proxy. */
    private static String through(TcpProxy proxy, String amqpUri) {
        URI direct = URI.create(amqpUri);
        String path = direct.getRawPath() == null ? "" : direct.getRawPath();
        return direct.getScheme() + "://" + direct.getRawUserInfo() + "@127.0.0.1:" + proxy.port() + path;
    }
}
