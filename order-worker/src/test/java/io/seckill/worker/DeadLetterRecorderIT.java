package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.AMQP;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a row of dead letters says when the same order dies again, is replayed, or was overtaken by a rebuild. */
class DeadLetterRecorderIT {
    private static final String ANN = OrderIds.of("s", "ann", 1).toString();

    private TestStack stack;

    @BeforeEach
    void open() throws Exception {
        stack = new TestStack();
        stack.sale("s", 1_000, 1, 3);
    }

    @AfterEach
    void close() throws Exception {
        stack.close();
    }

    @Test
    void shouldSayWhichPurchaseDied() throws Exception {
        stack.worker();
        die("no_such_sale", lot(2, new OrderLine("ann", 3, 7)));

        Await.equal(
                List.of("no_such_sale 2 7 3 1"),
                "the letter",
                () -> stack.texts("SELECT CONCAT_WS(' ', reason, epoch, attempt, quantity, deaths) FROM dead_letter"));
    }

    @Test
    void shouldOpenALetterThatComesBackAndRenewItsReason() throws Exception {
        stack.worker();
        die("no_such_sale", lot(1, one("ann")));
        awaitLetter("no_such_sale 1 1 open");
        replayed();

        die("sql_1406", lot(1, one("ann")).carriedInto(2));

        awaitLetter("sql_1406 2 2 open");
        OrderBatch payload = OrderBatch.decode(Buffer.buffer(HexFormat.of()
                .parseHex(stack.texts("SELECT HEX(payload) FROM dead_letter").get(0))));
        assertEquals("2:0", payload.lots().get(0).id());
    }

    @Test
    void shouldKeepWhatARebuildSawThoughTheOrderComesLateOnceMore() throws Exception {
        stack.worker();
        die("no_such_sale", lot(1, one("ann")));
        awaitLetter("no_such_sale 1 1 open");
        replayed();
        stack.sql("UPDATE sale_row SET accept_epoch = 2");

        die("stale_epoch", lot(1, one("ann")));
        awaitLetter("no_such_sale 1 2 open");
        die("sql_1406", lot(1, one("ann")));
        awaitLetter("no_such_sale 1 3 open");
    }

    @Test
    void shouldHoldNoUnitsOfAnOrderThatNoRebuildSawInTime() throws Exception {
        stack.worker();
        stack.sql("UPDATE sale_row SET accept_epoch = 2");
        die("impossible_time", lot(1, one("ann")));
        awaitLetter("stale_epoch: impossible_time 1 1 open");
        die("stock_exceeded", lot(1, one("ann")));
        awaitLetter("stock_exceeded 1 2 open");
    }

    @Test
    void shouldNotTellTheRebuildAndTheLetterInTheWrongOrder() throws Exception {
        stack.worker();
        stack.sql("SET autocommit = 0");
        stack.sql("UPDATE sale_row SET accept_epoch = 2");
        die("impossible_time", lot(1, one("ann")));
        Await.until(
                "it waits for the sale's row",
                () -> stack.number("SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()"
                                + " AND info LIKE '%LOCK IN SHARE MODE%' AND id <> CONNECTION_ID()")
                        == 1);
        stack.sql("COMMIT");
        stack.sql("SET autocommit = 1");

        awaitLetter("stale_epoch: impossible_time 1 1 open");
    }

    @Test
    void shouldKeepALetterWhoseTransactionFailed() throws Exception {
        stack.worker();
        stack.sql("SET autocommit = 0");
        stack.sql("UPDATE sale_row SET title = 'locked'");
        die("no_such_sale", lot(1, one("ann")));
        String waits = "FROM information_schema.processlist WHERE db = DATABASE()"
                + " AND info LIKE '%LOCK IN SHARE MODE%' AND id <> CONNECTION_ID()";
        Await.until("it waits for the sale's row", () -> stack.number("SELECT COUNT(*) " + waits) == 1);
        stack.sql("KILL QUERY " + stack.number("SELECT id " + waits));
        stack.sql("COMMIT");
        stack.sql("SET autocommit = 1");

        awaitLetter("no_such_sale 1 1 open");
    }

    @Test
    void shouldTellOfTheLaterPurchaseOfTwoThatBearOneId() throws Exception {
        stack.worker();
        stack.sql("UPDATE sale_row SET accept_epoch = 2");
        die("stale_epoch", lot(1, one("ann")));
        awaitLetter("stale_epoch 1 1 open");
        die("sql_1406", lot(2, one("ann")));
        awaitLetter("sql_1406 2 2 open");
        die("stock_exceeded", lot(1, one("ann")));
        awaitLetter("sql_1406 2 3 open");
    }

    @Test
    void shouldForgetNothingOfALetterThatWasStoredInTheMeantime() throws Exception {
        Worker worker = stack.worker();
        die("no_such_sale", lot(1, one("ann")));
        awaitLetter("no_such_sale 1 1 open");
        replayed();
        stack.publish(new OrderBatch(List.of(lot(1, one("ann")).carriedInto(2))));
        Await.equal(1L, "sold", () -> stack.sold("s"));

        die("no_such_sale", lot(1, one("ann")));
        Await.until(
                "it was looked at", () -> worker.metrics().contains("seckill_worker_dead_letters_recorded_total 2.0"));
        stack.drainAndExpectEmptyQueues();

        awaitLetter("no_such_sale 1 1 replayed");
        assertEquals(List.of(ANN), stack.texts("SELECT order_id FROM orders WHERE epoch = 2 AND lot_seq = 0"));
    }

    private void die(String reason, Lot lot) throws Exception {
        AMQP.BasicProperties properties = Topology.orderBatchProperties()
                .builder()
                .headers(Map.of(Topology.REASON_HEADER, reason))
                .build();
        stack.channel()
                .basicPublish(
                        stack.topology.deadExchange(),
                        "",
                        properties,
                        new OrderBatch(List.of(lot)).encode().getBytes());
    }

    private static Lot lot(int epoch, OrderLine line) {
        return new Lot("s", epoch, 5, TestStack.CREATED_AT_MS, TestStack.WINDOW_S, List.of(line));
    }

    private static OrderLine one(String user) {
        return new OrderLine(user, 1, 1);
    }

    private void replayed() throws Exception {
        stack.sql("UPDATE dead_letter SET replayed_at = UTC_TIMESTAMP(3)");
    }

    /** Reason, epoch, deaths, and whether it is open. */
    private void awaitLetter(String expected) throws Exception {
        Await.equal(
                List.of(expected),
                "the letter",
                () -> stack.texts("SELECT CONCAT_WS(' ', reason, epoch, deaths,"
                        + " IF(replayed_at IS NULL, 'open', 'replayed')) FROM dead_letter"));
    }
}
