package io.seckill.schema.message;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Step 3 of a purchase: the message from a gateway to the workers. It carries one or more lots, whole, under one
 * publisher confirm. The next file of the walk is {@code Topology}.
 *
 * <p>Layout, big endian: {@code "SKOB"}, version (1 byte), number of lots (2); per lot: sale id (1 + n), epoch (4), seq
 * (8), created at (8, ms), payment window (4, s), number of orders (2); per order: user id (1 + n), quantity (2), attempt
 * (2); at the end a CRC-32C of all before (4). Ids of orders are not sent: {@link OrderIds} derives them.
 */
public record OrderBatch(List<Lot> lots) {
    /** AMQP {@code type} of the message. */
    public static final String TYPE = "order-batch";

    public static final String CONTENT_TYPE = "application/vnd.seckill.order-batch";
    public static final int VERSION = 1;
    /** Most orders that one message carries. */
    public static final int MAX_ORDERS = 256;

    private static final int MAGIC = 0x534b4f42;
    private static final int MIN_LENGTH = 4 + 1 + 2 + 4;

    public OrderBatch {
        if (lots.isEmpty() || lots.size() > 0xffff) {
            throw new IllegalArgumentException("a batch of " + lots.size() + " lots");
        }
        lots = List.copyOf(lots);
    }

    public int orders() {
        int orders = 0;
        for (Lot lot : lots) {
            orders += lot.orders().size();
        }
        return orders;
    }

    public Buffer encode() {
        Buffer out = Buffer.buffer(64 + orders() * 24);
        out.appendInt(MAGIC).appendByte((byte) VERSION).appendUnsignedShort(lots.size());
        for (Lot lot : lots) {
            appendShortText(out, lot.saleId());
            out.appendInt(lot.epoch()).appendLong(lot.seq()).appendLong(lot.createdAtMs());
            out.appendInt(lot.paymentWindowSeconds())
                    .appendUnsignedShort(lot.orders().size());
            for (OrderLine order : lot.orders()) {
                appendShortText(out, order.userId());
                out.appendUnsignedShort(order.quantity()).appendUnsignedShort(order.attempt());
            }
        }
        return out.appendInt(checksum(out, out.length()));
    }

    /**
     * @throws MalformedMessage if the bytes are not a whole batch of this version
     */
    public static OrderBatch decode(Buffer in) {
        if (in.length() < MIN_LENGTH || in.getInt(0) != MAGIC) {
            throw new MalformedMessage("not an order batch");
        }
        int version = in.getUnsignedByte(4);
        if (version != VERSION) {
            throw new MalformedMessage("unknown version " + version);
        }
        int end = in.length() - 4;
        if (in.getInt(end) != checksum(in, end)) {
            throw new MalformedMessage("checksum mismatch");
        }
        try {
            return new Reader(in, 5, end).batch();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedMessage("impossible content: " + e.getMessage());
        }
    }

    private static void appendShortText(Buffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.appendUnsignedByte((short) bytes.length).appendBytes(bytes);
    }

    private static int checksum(Buffer buffer, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.getBytes(0, length));
        return (int) crc.getValue();
    }

    /** Thrown for bytes that no retry can make a batch of. */
    public static final class MalformedMessage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedMessage(String reason) {
            super(reason, null, false, false);
        }
    }

    private static final class Reader {
        private final Buffer in;
        private final int end;
        private int at;

        Reader(Buffer in, int at, int end) {
            this.in = in;
            this.at = at;
            this.end = end;
        }

        OrderBatch batch() {
            int count = shortNumber();
            List<Lot> lots = new ArrayList<>(Math.min(count, MAX_ORDERS));
            for (int i = 0; i < count; i++) {
                lots.add(lot());
            }
            if (at != end) {
                throw new IllegalArgumentException((end - at) + " bytes left over");
            }
            return new OrderBatch(lots);
        }

        private Lot lot() {
            String saleId = shortText();
            int epoch = in.getInt(take(4));
            long seq = in.getLong(take(8));
            long createdAtMs = in.getLong(take(8));
            int window = in.getInt(take(4));
            int count = shortNumber();
            List<OrderLine> orders = new ArrayList<>(Math.min(count, MAX_ORDERS));
            for (int i = 0; i < count; i++) {
                orders.add(new OrderLine(shortText(), shortNumber(), shortNumber()));
            }
            return new Lot(saleId, epoch, seq, createdAtMs, window, orders);
        }

        private String shortText() {
            int length = in.getUnsignedByte(take(1));
            int from = take(length);
            return in.getString(from, from + length, "US-ASCII");
        }

        private int shortNumber() {
            return in.getUnsignedShort(take(2));
        }

        private int take(int bytes) {
            int from = at;
            if (from + bytes > end) {
                throw new IllegalArgumentException("cut short");
            }
            at += bytes;
            return from;
        }
    }
}
