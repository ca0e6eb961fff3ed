package io.seckill.schema.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.OrderBatch.MalformedMessage;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
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
    void shouldRefuseAnUnknownVersionEvenIfItIsWhole() {
        for (int version = 0; version < 256; version++) {
            if (version != OrderBatch.VERSION) {
                Buffer message = withChecksum(BATCH.encode().setByte(4, (byte) version));
                assertThrows(MalformedMessage.class, () -> OrderBatch.decode(message));
            }
        }
    }

    @Test
    void shouldRefuseBytesAfterTheLastLot() {
        Buffer longer = BATCH.encode();
        Buffer message = withChecksum(
                longer.getBuffer(0, longer.length() - 4).appendByte((byte) 0).appendInt(0));
        assertThrows(MalformedMessage.class, () -> OrderBatch.decode(message));
    }

    @Test
    void shouldRefuseABatchOfNoLots() {
        Buffer message = withChecksum(Buffer.buffer("SKOB")
                .appendByte((byte) 1)
                .appendShort((short) 0)
                .appendInt(0));
        assertThrows(MalformedMessage.class, () -> OrderBatch.decode(message));
        assertThrows(IllegalArgumentException.class, () -> new OrderBatch(List.of()));
    }

    /** Bytes that no gateway sends, with the right checksum: a batch or MalformedMessage, and nothing else. */
    @Test
    void shouldWithstandNonsenseWithARightChecksum() {
        long seed = Long.getLong("seckill.seed", System.nanoTime());
        System.out.println("OrderBatchTest -Dseckill.seed=" + seed);
        Random random = new Random(seed);
        byte[] whole = BATCH.encode().getBytes();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, 11 + random.nextInt(whole.length - 10));
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt(256);
            }
            try {
                OrderBatch batch = OrderBatch.decode(withChecksum(Buffer.buffer(bytes)));
                assertTrue(batch.orders() > 0);
            } catch (MalformedMessage e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(refused > 10_000, () -> "seed " + seed);
    }

    @Test
    void shouldCarryTheMostOrdersWithTheShortestAndTheLongestIds() {
        for (int length : new int[] {1, OrderLine.MAX_USER_ID}) {
            List<OrderLine> orders = new ArrayList<>();
            for (int i = 0; i < OrderBatch.MAX_ORDERS; i++) {
                orders.add(new OrderLine(String.valueOf((char) ('!' + i % 94)).repeat(length), 1, 1));
            }
            OrderBatch batch = new OrderBatch(List.of(new Lot("s".repeat(32), 1, 1, 1, 1, orders)));
            assertEquals(batch, OrderBatch.decode(batch.encode()));
            assertEquals(OrderBatch.MAX_ORDERS, batch.orders());
        }
    }

    @Test
    void shouldKeepManyLotsOfOneOrderEach() {
        List<Lot> lots = new ArrayList<>();
        for (int i = 1; i <= OrderBatch.MAX_ORDERS; i++) {
            lots.add(new Lot("s" + i, i, Long.MAX_VALUE - i, i, i, List.of(new OrderLine("u", i, i))));
        }
        OrderBatch batch = new OrderBatch(lots);
        assertEquals(batch, OrderBatch.decode(batch.encode()));
    }

    private static Buffer withChecksum(Buffer message) {
        int end = message.length() - 4;
        CRC32C crc = new CRC32C();
        crc.update(message.getBytes(0, end));
        return message.setInt(end, (int) crc.getValue());
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
