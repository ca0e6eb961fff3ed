package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.ReserveOutcome.Held;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import io.seckill.schema.redis.SeckillFunctions.Purchase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sales that Redis lost, brought back from the ledger. */
class RebuildIT {
    private static final String[] REBUILDS = {"SECKILL_REBUILD", "on", "SECKILL_PURCHASE_DEADLINE_MS", "100"};

    private TestStack stack;

    @BeforeEach
    void start() throws Exception {
        stack = new TestStack();
    }

    @AfterEach
    void stop() throws Exception {
        stack.close();
    }

    @Test
    void shouldSellTheRestAgainAfterALossOfEverything() throws Exception {
        String saleId = stack.shortSale(10, 900);
        stack.worker(REBUILDS);
        Lot lot = stack.buy(saleId, "ann", "bob", "cid");
        Await.equal(3L, "orders", () -> stack.orders(saleId));

        stack.lose(saleId);
        rebuilt(saleId, 2);

        assertEquals(7, stack.remaining(saleId));
        assertEquals(new BuyerEntry(true, 1, 1, 1, lot.seq(), lot.createdAtMs(), 0), entry(saleId, "bob"));
        Held again = assertInstanceOf(Held.class, reserve(saleId, 2, "bob"));
        assertEquals(1, again.attempt());
        assertFalse(again.unconfirmed());
        Lot later = stack.reserve(saleId, 2, "dan");
        assertEquals(1, later.orders().get(0).attempt());
        stack.publish(new OrderBatch(List.of(later)));
        Await.equal(4L, "sold", () -> stack.sold(saleId));
        assertEquals(0, stack.number("SELECT COUNT(*) FROM dead_letter"));
        assertEquals(1, stack.number("SELECT COUNT(*) FROM audit_trail WHERE action = 'rebuild'"));
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldCarryOverWhatSurvivedInTheOutbox() throws Exception {
        String saleId = stack.shortSale(10, 900);
        stack.reserve(saleId, 1, "ann", "bob");
        stack.restartFences();
        stack.worker(REBUILDS);

        rebuilt(saleId, 2);
        assertEquals(2, stack.orders(saleId));
        assertEquals(2, stack.sold(saleId));
        assertEquals(8, stack.remaining(saleId));
        assertEquals(0, status(saleId).unconfirmed());
    }

    @Test
    void shouldNoticeTheLossOfAPart() throws Exception {
        String saleId = stack.shortSale(10, 900);
        stack.worker(REBUILDS);
        stack.buy(saleId, "ann", "bob");
        Await.equal(2L, "orders", () -> stack.orders(saleId));

        stack.loseBuyers(saleId);
        assertEquals(ReserveReply.Closed.FENCED, call(saleId, 1, "cid"));
        rebuilt(saleId, 2);
        assertEquals(8, stack.remaining(saleId));
        assertTrue(entry(saleId, "ann").active());
    }

    @Test
    void shouldLetWhoLostAnOrderBuyTheNextOne() throws Exception {
        String saleId = stack.shortSale(5);
        Worker worker = stack.worker();
        stack.buy(saleId, "ann", "bob");
        Await.equal(2L, "restocked", () -> stack.number("SELECT COUNT(*) FROM restock WHERE applied_seq > 0"));
        stack.drain(worker);

        stack.lose(saleId);
        stack.worker(REBUILDS);
        rebuilt(saleId, 2);
        assertEquals(5, stack.remaining(saleId));
        assertFalse(entry(saleId, "ann").active());
        Lot second = stack.reserve(saleId, 2, "ann");
        assertEquals(2, second.orders().get(0).attempt());
        stack.publish(new OrderBatch(List.of(second)));
        Await.equal(3L, "orders", () -> stack.orders(saleId));
    }

    @Test
    void shouldCountUnitsOnTheirWayBackOnce() throws Exception {
        String saleId = stack.shortSale(5);
        Worker worker = stack.worker();
        stack.buy(saleId, "ann", "bob");
        Await.equal(2L, "restocked", () -> stack.number("SELECT COUNT(*) FROM restock WHERE applied_seq > 0"));
        stack.drain(worker);
        stack.sql("UPDATE restock SET applied_at = NULL, applied_seq = NULL");

        stack.lose(saleId);
        stack.worker(REBUILDS);
        rebuilt(saleId, 2);
        Await.equal(0L, "open", () -> stack.number("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL"));
        assertEquals(5, stack.remaining(saleId));
    }

    @Test
    void shouldWaitForAnOrderThatSomebodyHoldsUnacked() throws Exception {
        String saleId = stack.shortSale(10, 900);
        Channel stopped = stack.channel().getConnection().createChannel();
        stopped.basicQos(10);
        stopped.basicConsume(stack.topology.orderQueue(), false, (tag, message) -> {}, tag -> {});
        stack.buy(saleId, "ann");
        Await.equal(0L, "ready", () -> stack.channel().messageCount(stack.topology.orderQueue()));
        stack.lose(saleId);
        stack.worker(REBUILDS);

        // Far longer than an undisturbed rebuild takes: the second round of questions to all consumers.
        Await.until("several rounds", () -> stack.number("SELECT round FROM drain_round") >= 2);
        assertFalse(status(saleId).present());
        assertEquals(0, stack.orders(saleId));

        stopped.close();
        rebuilt(saleId, 2);
        assertEquals(1, stack.orders(saleId));
        assertEquals(9, stack.remaining(saleId));
        assertTrue(entry(saleId, "ann").active());
    }

    @Test
    void shouldBeginAnewWhenRedisIsLostAgain() throws Exception {
        String saleId = stack.shortSale(10, 900);
        stack.lose(saleId);
        stack.worker(REBUILDS);
        Await.equal(2L, "epoch", () -> epoch(saleId));

        stack.restartFences();
        rebuilt(saleId, 3);
        assertEquals(10, stack.remaining(saleId));
    }

    @Test
    void shouldTakeNoOrderOfBeforeAnyMore() throws Exception {
        String saleId = stack.shortSale(1, 900);
        Lot never = stack.reserve(saleId, 1, "ann");
        stack.lose(saleId);
        stack.worker(REBUILDS);
        rebuilt(saleId, 2);

        stack.publish(new OrderBatch(List.of(never)));
        Await.equal(1L, "stale", () -> stack.deadLetters("stale_epoch"));
        assertEquals(1, stack.remaining(saleId));
        Lot bought = stack.reserve(saleId, 2, "bob");
        stack.publish(new OrderBatch(List.of(bought)));
        Await.equal(1L, "sold", () -> stack.sold(saleId));

        stack.lose(saleId);
        rebuilt(saleId, 3);
        assertEquals(0, stack.remaining(saleId), "a stale letter holds no units");
    }

    @Test
    void shouldKeepTheUnitsOfADeadLetterThatMayBeStoredYet() throws Exception {
        String saleId = stack.shortSale(10, 900);
        Lot lot = stack.reserve(saleId, 1, "ann");
        // In the year 10000, which the table does not take.
        stack.publish(new OrderBatch(List.of(
                new Lot(saleId, 1, lot.seq(), 253_402_300_800_000L, 900, List.of(new OrderLine("ann", 1, 1))))));
        stack.worker(REBUILDS);
        Await.equal(1L, "dead", () -> stack.number("SELECT COUNT(*) FROM dead_letter"));

        stack.lose(saleId);
        rebuilt(saleId, 2);
        assertEquals(9, stack.remaining(saleId));
        assertTrue(entry(saleId, "ann").active());
    }

    @Test
    void shouldBeDoneByOneOfTwoWorkers() throws Exception {
        String saleId = stack.shortSale(10, 900);
        stack.worker(REBUILDS);
        stack.worker(REBUILDS);
        for (int epoch = 2; epoch <= 4; epoch++) {
            stack.lose(saleId);
            rebuilt(saleId, epoch);
            assertEquals(10, stack.remaining(saleId));
        }
    }

    /** On sale again, under exactly this epoch. */
    private void rebuilt(String saleId, int epoch) throws Exception {
        Await.equal("open", "state", () -> stack.texts("SELECT IF(epoch = " + epoch + ", IF(state = 'sold_out', 'open',"
                        + " state), CONCAT('epoch ', epoch)) FROM sale WHERE sale_id = '" + saleId + "'")
                .get(0));
        assertTrue(status(saleId).armed());
        assertEquals(epoch, status(saleId).epoch());
    }

    private long epoch(String saleId) throws Exception {
        return stack.number("SELECT epoch FROM sale_row WHERE sale_id = '" + saleId + "'");
    }

    private SaleStatus status(String saleId) throws Exception {
        return TestStack.await(stack.redis().status(SaleKeys.of(saleId)));
    }

    private BuyerEntry entry(String saleId, String user) throws Exception {
        return TestStack.await(stack.redis().find(SaleKeys.of(saleId), user));
    }

    private Object reserve(String saleId, int epoch, String user) throws Exception {
        return assertInstanceOf(ReserveReply.Decided.class, call(saleId, epoch, user))
                .outcomes()
                .get(0);
    }

    private ReserveReply call(String saleId, int epoch, String user) throws Exception {
        record One(String userId, int quantity) implements Purchase {}
        return TestStack.await(
                stack.redis().reserve(SaleKeys.of(saleId), epoch, 60_000, List.of(), List.of(new One(user, 1))));
    }
}
