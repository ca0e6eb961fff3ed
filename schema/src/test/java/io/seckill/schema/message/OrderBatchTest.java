package io.seckill.schema.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.OrderBatch.MalformedMessage;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderBatchTest {
    private static final OrderBatch BATCH = new OrderBatch(List.of(
            new Lot("friday", 1, 7, 1_700_000_000_123L, 900, List.of(new OrderLine("alice", 1, 1))),
            new Lot("x", 3, 1L << 40, 1, 1, List.of(new OrderLine("b", 2, 3), new OrderLine("~!", 65_535, 65_535)))));

    // What is on the wire today must be readable for ever: a change of these bytes needs a new version.
    private static final String GOLDEN =
            "534b4f42010002066672696461790000000100000000000000070000018bcfe5687b00000384000105616c6963650001000101780000000300000100000000000000000000000001000000010002016200020003027e21ffffffffe60424e7";

    @Test
    void shouldEncodeToTheGoldenBytes() {
        assertEquals(GOLDEN, HexFormat.of().formatHex(BATCH.encode().getBytes()));
    }

    @Test
    void shouldDecodeTheGoldenBytes() {
        assertEquals(BATCH, OrderBatch.decode(Buffer.buffer(HexFormat.of().parseHex(GOLDEN))));
        assertEquals(3, BATCH.orders());
    }

    @Test
    void shouldRefuseEveryTruncation() {
        byte[] whole = BATCH.encode().getBytes();
        for (int length = 0; length < whole.length; length++) {
            Buffer cut = Buffer.buffer(whole).getBuffer(0, length);
            assertThrows(MalformedMessage.class, () -> OrderBatch.decode(cut));
        }
    }

    @Test
    void shouldRefuseEveryFlippedBit() {
        byte[] whole = BATCH.encode().getBytes();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThrows(MalformedMessage.class, () -> OrderBatch.decode(Buffer.buffer(flipped)));
        }
    }

    @Test
    void shouldNameAnUnknownVersion() {
        Buffer message = BATCH.encode().setByte(4, (byte) 9);
        String reason = assertThrows(MalformedMessage.class, () -> OrderBatch.decode(message))
                .getMessage();
        assertTrue(reason.contains("version 9"), reason);
    }

    @Test
    void shouldRefuseRandomBytes() {
        long seed = Long.getLong("seckill.seed", System.nanoTime());
        System.out.println("OrderBatchTest -Dseckill.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertThrows(MalformedMessage.class, () -> OrderBatch.decode(Buffer.buffer(bytes)), "seed " + seed);
        }
    }

    @Test
    void shouldKeepRandomBatches() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            List<OrderLine> orders = new ArrayList<>();
            for (int j = 0; j <= random.nextInt(OrderBatch.MAX_ORDERS); j++) {
                String user = "u".repeat(1 + random.nextInt(64));
                orders.add(new OrderLine(user, 1 + random.nextInt(65_535), 1 + random.nextInt(65_535)));
            }
            OrderBatch batch = new OrderBatch(
                    List.of(new Lot("s", 1 + random.nextInt(9), 1 + random.nextInt(9), random.nextLong(), 60, orders)));
            assertEquals(batch, OrderBatch.decode(batch.encode()));
        }
    }
}
