package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.AMQP;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can never be stored ends alone in the table of dead letters; all around it is stored. */
class PoisonIT {
    private TestStack stack;

    @BeforeEach
    void open() throws Exception {
        stack = new TestStack();
        stack.sale("s", 1_000);
    }

    @AfterEach
    void close() throws Exception {
        stack.close();
    }

    @Test
    void shouldDeadLetterMalformedMessagesWhole() throws Exception {
        AMQP.BasicProperties properties = Topology.orderBatchProperties();
        byte[] good =
                stack.batch("s", 1, TestStack.users("lost", 0, 2)).encode().getBytes();
        byte[] version = sealed(Buffer.buffer(good).setByte(4, (byte) 9));
        byte[] broken = good.clone();
        broken[20] ^= 1;
        stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 10)));
        stack.publish(properties, "not a batch at all".getBytes(StandardCharsets.US_ASCII));
        stack.publish(properties, new byte[0]);
        stack.publish(properties, version);
        stack.publish(properties, broken);
        stack.publish(properties.builder().type("something-else").build(), good);
        stack.publish(stack.batch("s", 1, TestStack.users("v", 0, 10)));
        stack.published();
        stack.worker();
        Await.equal(6L, "dead letters", () -> stack.deadLetters("malformed: %"));
        Await.equal(20L, "sold", () -> stack.sold("s"));
        assertEquals(
                1,
                stack.number("SELECT COUNT(*) FROM dead_letter WHERE payload = 'not a batch at all' AND quantity = 0"));
        assertEquals(1, stack.deadLetters("malformed: unknown version 9"));
        assertEquals(2, stack.deadLetters("malformed: unknown type"), "its body is a batch: a row for each order");
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldDeadLetterAnImpossibleQuantityAsMalformed() throws Exception {
        byte[] bytes = stack.batch("s", 1, List.of(new OrderLine("alice", 7, 1)))
                .encode()
                .getBytes();
        Buffer zero = Buffer.buffer(bytes);
        zero.setUnsignedShort(bytes.length - 8, 0);
        stack.publish(Topology.orderBatchProperties(), sealed(zero));
        stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 10)));
        stack.worker();
        Await.equal(1L, "dead letters", () -> stack.deadLetters("malformed: impossible content%"));
        Await.equal(10L, "sold", () -> stack.sold("s"));
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldDeadLetterBadOrdersAloneAndStoreTheirNeighbours() throws Exception {
        Lot impossibleTime = new Lot("s", 1, 500, Long.MAX_VALUE / 4, 900, TestStack.users("late", 0, 1));
        stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 50)));
        stack.publish(new OrderBatch(List.of(
                stack.lot("s", 1, TestStack.users("v", 0, 50)),
                stack.lot("nowhere", 1, TestStack.users("x", 0, 3)),
                stack.lot("a-sale-id-of-more-than-thirty-two-characters", 1, TestStack.users("y", 0, 2)),
                impossibleTime,
                stack.lot("s", 1, List.of(new OrderLine("glutton", 60_000, 1))),
                stack.lot("s", 1, TestStack.users("w", 0, 50)))));
        stack.publish(stack.batch("s", 1, TestStack.users("z", 0, 50)));
        stack.published();
        Worker worker = stack.worker();
        Await.equal(7L, "dead letters", () -> stack.deadLetters("%"));
        Await.equal(200L, "sold", () -> stack.sold("s"));
        assertEquals(200, stack.orders("s"));
        assertEquals(
                List.of(
                        "impossible_time s late0 1",
                        "no_such_sale nowhere x0 1",
                        "no_such_sale nowhere x1 1",
                        "no_such_sale nowhere x2 1",
                        "sql_1406 - y0 1",
                        "sql_1406 - y1 1",
                        "stock_exceeded s glutton 60000"),
                stack.texts("SELECT CONCAT_WS(' ', reason, COALESCE(sale_id, '-'), user_id, quantity) AS line"
                        + " FROM dead_letter ORDER BY line"));
        assertEquals(
                OrderIds.of("nowhere", "x1", 1).toString(),
                stack.texts("SELECT dead_key FROM dead_letter WHERE user_id = 'x1'")
                        .get(0));
        assertEquals(7, DeadLetterCount.of(worker.metrics()));
        stack.drainAndExpectEmptyQueues();
    }

    @Test
    void shouldRecordWhatTheBrokerDeadLettersOrderByOrderButNotWhatIsStored() throws Exception {
        stack.publish(stack.batch("s", 1, TestStack.users("u", 0, 1)));
        Worker worker = stack.worker();
        Await.equal(1L, "sold", () -> stack.sold("s"));
        AMQP.BasicProperties byBroker = Topology.orderBatchProperties()
                .builder()
                .headers(Map.of("x-death", List.of(Map.of("reason", "delivery_limit", "count", 1L))))
                .build();
        byte[] body = stack.batch("s", 1, TestStack.users("u", 0, 3)).encode().getBytes();
        stack.channel().basicPublish(stack.topology.deadExchange(), "", byBroker, body);
        stack.channel().basicPublish(stack.topology.deadExchange(), "", byBroker, body);
        Await.until(
                "both are recorded", () -> worker.metrics().contains("seckill_worker_dead_letters_recorded_total 6.0"));
        assertEquals(2, stack.deadLetters("delivery_limit"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(
                List.of("u1 1", "u2 1"),
                stack.texts("SELECT CONCAT_WS(' ', user_id, quantity) AS line FROM dead_letter ORDER BY line"));
        for (String hex : stack.texts("SELECT HEX(payload) FROM dead_letter")) {
            OrderBatch alone =
                    OrderBatch.decode(Buffer.buffer(java.util.HexFormat.of().parseHex(hex)));
            assertEquals(1, alone.orders());
        }
    }

    /** The message with a checksum that fits its bytes. */
    private static byte[] sealed(Buffer message) {
        int end = message.length() - 4;
        CRC32C crc = new CRC32C();
        crc.update(message.getBytes(0, end));
        return message.setInt(end, (int) crc.getValue()).getBytes();
    }

    private static final class DeadLetterCount {
        static int of(String metrics) {
            return (int) metrics.lines()
                    .filter(line -> line.startsWith("seckill_worker_dead_letters_total{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}
