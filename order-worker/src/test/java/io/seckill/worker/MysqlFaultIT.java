package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.fault.TcpProxy;
import io.seckill.schema.message.OrderIds;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A MySQL that is there and does not let orders in, or is not there: they wait, are tried now and then, and are stored. */
class MysqlFaultIT {
    private static final int STORE_TIMEOUT_MS = 1_000;

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
    void shouldTryAgainAfterADeadlock() throws Exception {
        Worker worker = stack.worker();
        stack.sql("SET autocommit = 0");
        // Who has written more is not the victim.
        for (int i = 0; i < 50; i++) {
            stack.sql("INSERT INTO audit_trail (at, actor, action, sale_id, detail) VALUES (UTC_TIMESTAMP(), 'a', 'b',"
                    + " 's', 'c')");
        }
        stack.sql("SELECT sold FROM sale_row WHERE sale_id = 's' FOR UPDATE");
        stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 10)));
        Await.until("the worker holds its orders and waits for the sale", () -> waiting("UPDATE sale_row%") == 1);

        stack.sql(
                "INSERT INTO orders (order_id, sale_id, user_id, quantity, attempt, created_at, pay_by, epoch, lot_seq,"
                        + " batch_id) VALUES ('" + OrderIds.of("s", "u3", 1) + "', 's', 'u3', 1, 1, UTC_TIMESTAMP(3),"
                        + " UTC_TIMESTAMP(3), 1, 1, 1)");
        Await.equal(1, "retries", () -> transactions(worker, "retried"));
        stack.sql("ROLLBACK");
        stack.sql("SET autocommit = 1");

        Await.equal(10L, "sold", () -> stack.sold("s"));
        assertTrue(worker.isReady());
        stack.drainAndExpectEmptyQueues();
        assertEquals(10, stack.orders("s"));
        assertTrue(transactions(worker, "retried") <= 3, worker::metrics);
        assertEquals(0, stack.deadLetters("%"));
    }

    @Test
    void shouldWaitForATableThatSomebodyHoldsWithoutTryingMoreThanNowAndThen() throws Exception {
        Worker worker = stack.worker("SECKILL_STORE_TIMEOUT_MS", "" + STORE_TIMEOUT_MS, "SECKILL_PREFETCH", "4");
        stack.sql("LOCK TABLES orders WRITE");
        long began = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            stack.publish(stack.batch("s", 1, TestStack.users("u", i * 10, i * 10 + 10)));
        }
        stack.published();

        Await.until("it gave up several times", () -> attempts(worker) >= 4);

        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        int attempts = attempts(worker);
        assertTrue(attempts <= 2 * seconds + 4, () -> attempts + " attempts in " + seconds + " s");
        assertEquals(16, stack.channel().messageCount(stack.topology.orderQueue()), "it takes no more than it holds");
        stack.sql("UNLOCK TABLES");
        Await.equal(200L, "sold", () -> stack.sold("s"));
        Await.until("it is ready", worker::isReady);
        stack.drainAndExpectEmptyQueues();
        assertEquals(0, stack.deadLetters("%"));
    }

    @Test
    void shouldNotSpinWhileMysqlIsAway() throws Exception {
        ServerSettings servers = stack.servers();
        try (TcpProxy mysql = new TcpProxy(servers.mysqlHost(), servers.mysqlPort());
                LogLines log = new LogLines()) {
            Worker worker = stack.worker(
                    "SECKILL_MYSQL_HOST", "127.0.0.1",
                    "SECKILL_MYSQL_PORT", "" + mysql.port(),
                    "SECKILL_PREFETCH", "4");
            int linesBefore = log.count();
            mysql.refuse(true);
            for (int i = 0; i < 20; i++) {
                stack.publish(stack.batch("s", 1, TestStack.users("u", i * 10, i * 10 + 10)));
            }
            stack.published();

            long began = System.nanoTime();
            Await.until("it tried for a while", () -> mysql.refused() >= 40);

            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            // Five connections, each at most every second in the long run, and a few times more at the beginning.
            assertTrue(seconds >= 1, "forty attempts in " + seconds + " s");
            assertTrue(transactions(worker, "unavailable") <= 3, worker::metrics);
            assertTrue(log.count() - linesBefore < 150, () -> log.count() - linesBefore + " lines");
            assertEquals(
                    16, stack.channel().messageCount(stack.topology.orderQueue()), "it takes no more than it holds");
            mysql.refuse(false);
            Await.equal(200L, "sold", () -> stack.sold("s"));
            Await.until("it is ready", worker::isReady);
            stack.drainAndExpectEmptyQueues();
            assertEquals(200, stack.orders("s"));
        }
    }

    private long waiting(String statement) throws SQLException {
        return stack.number("SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()"
                + " AND command = 'Execute' AND info LIKE '" + statement + "'");
    }

    private static int attempts(Worker worker) {
        return transactions(worker, "retried") + transactions(worker, "unavailable");
    }

    private static int transactions(Worker worker, String outcome) {
        String name = "seckill_worker_transactions_total{outcome=\"" + outcome + "\"} ";
        return worker.metrics()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(name.length())))
                .sum();
    }
}
