package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders into MySQL, exactly once and never beyond the stock. */
class StoreIT {
    private TestStack stack;

    @BeforeEach
    void open() throws Exception {
        stack = new TestStack();
    }

    @AfterEach
    void close() throws Exception {
        stack.close();
    }

    @Test
    void shouldStoreEachFieldOfAnOrder() throws Exception {
        stack.sale("s", 10);
        stack.worker();
        stack.publish(stack.batch("s", 1, List.of(new OrderLine("alice", 2, 3))));
        Await.equal(1L, "orders", () -> stack.orders("s"));
        assertEquals(
                List.of(OrderIds.of("s", "alice", 3)
                        + " s alice 2 3 pending_payment 2096-03-01 10:00:00.123 2096-03-01 10:15:00.123 1 1"),
                stack.texts(
                        "SELECT CONCAT_WS(' ', order_id, sale_id, user_id, quantity, attempt, state, created_at, pay_by,"
                                + " epoch, lot_seq) FROM orders"));
        assertEquals(2, stack.sold("s"));
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldStoreManyOrdersOfSeveralSales() throws Exception {
        stack.sale("a", 5_000);
        stack.sale("b", 5_000);
        for (int i = 0; i < 30; i++) {
            stack.publish(new OrderBatch(List.of(
                    stack.lot("a", 1, TestStack.users("u", i * 100, i * 100 + 100)),
                    stack.lot("b", 1, TestStack.users("u", i * 37, i * 37 + 37)))));
        }
        stack.published();
        stack.worker();
        Await.equal(3_000L, "sold of a", () -> stack.sold("a"));
        Await.equal(1_110L, "sold of b", () -> stack.sold("b"));
        assertEquals(3_000, stack.orders("a"));
        assertEquals(1_110, stack.orders("b"));
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldAbsorbAMessageThatComesThreeTimes() throws Exception {
        stack.sale("s", 1_000);
        OrderBatch batch = stack.batch("s", 1, TestStack.users("u", 0, 100));
        stack.publish(batch);
        Worker worker = stack.worker();
        Await.equal(100L, "sold", () -> stack.sold("s"));
        for (int duplicates = 100; duplicates <= 200; duplicates += 100) {
            String counted = "seckill_worker_orders_duplicates_total " + duplicates + ".0";
            stack.publish(batch);
            Await.until(counted, () -> worker.metrics().contains(counted));
        }
        stack.publish(stack.batch("s", 1, TestStack.users("v", 0, 1)));
        Await.equal(101L, "sold", () -> stack.sold("s"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(101, stack.orders("s"));
        assertEquals(101, stack.sold("s"));
        assertEquals(0, stack.deadLetters("%"));
    }

    @Test
    void shouldTellNewOrdersFromOldOnesAndFromThoseThatCannotBe() throws Exception {
        stack.sale("s", 1_000);
        stack.worker();
        stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 10)));
        Await.equal(10L, "sold", () -> stack.sold("s"));
        // Written by hand: a number that no transaction of a worker has.
        stack.sql("UPDATE orders SET batch_id = 0 WHERE user_id IN ('u5', 'u6')");
        List<OrderLine> lines = TestStack.users("u", 5, 15);
        // One has an active order since the first message, the other since this one.
        lines.add(new OrderLine("u0", 1, 2));
        lines.add(new OrderLine("u14", 1, 2));
        OrderBatch mixed = stack.batch("s", 1, lines);
        for (int times = 1; times <= 3; times++) {
            stack.publish(mixed);
        }
        stack.publish(stack.batch("s", 1, TestStack.users("v", 0, 1)));
        Await.equal(16L, "sold", () -> stack.sold("s"));
        Await.equal(2L, "second active orders", () -> stack.deadLetters("duplicate_active_order"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(16, stack.orders("s"));
        assertEquals(16, stack.sold("s"));
    }

    @Test
    void shouldStoreTenTimesThePrefetchThroughARestart() throws Exception {
        stack.sale("s", 10_000);
        Worker first = stack.worker("SECKILL_PREFETCH", "8");
        for (int i = 0; i < 80; i++) {
            stack.publish(stack.batch("s", 1, TestStack.users("u", i * 10, i * 10 + 10)));
        }
        stack.published();
        Await.until("it began", () -> stack.orders("s") > 0);
        stack.drain(first);
        stack.worker("SECKILL_PREFETCH", "8");
        Await.equal(800L, "sold", () -> stack.sold("s"));
        assertEquals(800, stack.orders("s"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(800, stack.sold("s"));
    }

    @Test
    void shouldGiveEachOfNBuyersOneOfNUnitsOverSeveralInstances() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        stack.sale("s", 2_000);
        List<OrderBatch> batches = new ArrayList<>();
        for (int from = 0; from < 2_000; ) {
            int to = Math.min(2_000, from + 1 + random.nextInt(40));
            OrderBatch batch = stack.batch("s", 1, TestStack.users("u", from, to));
            batches.addAll(Collections.nCopies(1 + random.nextInt(2), batch));
            from = to;
        }
        Collections.shuffle(batches, random);
        stack.worker("SECKILL_WORKER_INSTANCES", "3", "SECKILL_INSTANCE", "w1", "SECKILL_PREFETCH", "4");
        stack.worker("SECKILL_WORKER_INSTANCES", "3", "SECKILL_INSTANCE", "w2", "SECKILL_PREFETCH", "4");
        for (OrderBatch batch : batches) {
            stack.publish(batch);
        }
        stack.published();
        Await.equal(2_000L, "sold", () -> stack.sold("s"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(2_000, stack.orders("s"), "seed " + seed);
        assertEquals(2_000, stack.sold("s"), "seed " + seed);
        assertEquals(0, stack.deadLetters("%"), "seed " + seed);
    }

    @Test
    void shouldRefuseWhatExceedsTheStockOneByOne() throws Exception {
        stack.sale("s", 100);
        stack.sale("other", 1_000);
        for (int i = 0; i < 13; i++) {
            stack.publish(new OrderBatch(List.of(
                    stack.lot("s", 1, TestStack.users("u", i * 10, i * 10 + 10)),
                    stack.lot("other", 1, TestStack.users("u", i * 10, i * 10 + 10)))));
        }
        stack.published();
        Worker worker = stack.worker();
        Await.equal(30L, "surplus", () -> stack.deadLetters("stock_exceeded"));
        Await.equal(130L, "neighbours", () -> stack.sold("other"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(100, stack.orders("s"));
        assertEquals(100, stack.sold("s"));
        assertEquals(
                30,
                stack.number("SELECT SUM(d.quantity) FROM dead_letter d WHERE sale_id = 's' AND user_id LIKE 'u%'"
                        + " AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.order_id = d.order_id)"));
        assertTrue(worker.metrics().contains("seckill_worker_dead_letters_total{reason=\"stock_exceeded\"} 30.0"));
    }

    @Test
    void shouldDeadLetterASecondActiveOrderAndTakeItAfterACancel() throws Exception {
        stack.sale("s", 100);
        stack.worker();
        stack.publish(stack.batch("s", 1, List.of(new OrderLine("alice", 1, 1))));
        Await.equal(1L, "orders", () -> stack.orders("s"));
        stack.publish(stack.batch(
                "s",
                1,
                List.of(new OrderLine("bob", 1, 1), new OrderLine("alice", 2, 2), new OrderLine("carol", 1, 1))));
        Await.equal(1L, "dead letters", () -> stack.deadLetters("duplicate_active_order"));
        assertEquals(
                List.of("alice 1 1 pending_payment", "bob 1 1 pending_payment", "carol 1 1 pending_payment"),
                stack.texts("SELECT CONCAT_WS(' ', user_id, quantity, attempt, state) FROM orders ORDER BY user_id"));
        assertEquals(3, stack.sold("s"));
        stack.sql("UPDATE orders SET state = 'cancelled' WHERE user_id = 'alice'");
        stack.publish(stack.batch("s", 1, List.of(new OrderLine("alice", 2, 3))));
        Await.equal(5L, "sold", () -> stack.sold("s"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(4, stack.orders("s"));
    }

    @Test
    void shouldRefuseAnEpochThatIsOverAndOneThatHasNotBegun() throws Exception {
        stack.sale("s", 100, 2, 3);
        stack.worker();
        stack.publish(new OrderBatch(List.of(
                stack.lot("s", 1, TestStack.users("stale", 0, 3)),
                stack.lot("s", 2, TestStack.users("u", 0, 5)),
                stack.lot("s", 3, TestStack.users("v", 0, 5)),
                stack.lot("s", 4, TestStack.users("early", 0, 2)))));
        Await.equal(3L, "stale", () -> stack.deadLetters("stale_epoch"));
        Await.equal(2L, "early", () -> stack.deadLetters("unknown_epoch"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(10, stack.sold("s"));
        assertEquals(0, stack.number("SELECT COUNT(*) FROM orders WHERE epoch NOT IN (2, 3)"));
    }
}
