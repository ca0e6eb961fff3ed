package io.seckill.schema.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one call of {@code reserve} accepted: the unit of the outbox. Redis writes it as text in the very step that takes
 * the stock; a gateway, or later any relay, makes the same orders of it.
 *
 * @param saleId the sale
 * @param epoch the sale's fencing token when the stock was taken
 * @param seq number of the accepting call within the sale and epoch, from 1; 0 for a lot that was accepted under an earlier
 *     epoch and carried into this one: before all of its calls
 * @param createdAtMs when, by Redis' clock, in milliseconds since 1970
 * @param paymentWindowSeconds how long the orders may stay unpaid
 * @param orders at least one
 */
public record Lot(
        String saleId, int epoch, long seq, long createdAtMs, int paymentWindowSeconds, List<OrderLine> orders) {

    /** Ids in the order in which their lots were accepted. */
    public static final Comparator<String> IDS_BY_AGE = Comparator.<String>comparingInt(
                    id -> Integer.parseInt(id.substring(0, id.indexOf(':'))))
            .thenComparingLong(id -> Long.parseLong(id.substring(id.indexOf(':') + 1)));

    /** {@code seq} of what no call of this epoch accepted. */
    public static final long CARRIED_OVER = 0;

    public Lot {
        if (epoch < 1 || seq < 0 || paymentWindowSeconds < 1 || orders.isEmpty()) {
            throw new IllegalArgumentException("not a lot: epoch " + epoch + ", seq " + seq + ", window "
                    + paymentWindowSeconds + " s, " + orders.size() + " orders");
        }
        orders = List.copyOf(orders);
    }

    /** The same orders under a later epoch of the sale, before any call of {@code reserve} under it. */
    public Lot carriedInto(int laterEpoch) {
        return new Lot(saleId, laterEpoch, CARRIED_OVER, createdAtMs, paymentWindowSeconds, orders);
    }

    /** The lot's name in the outbox. */
    public String id() {
        return id(epoch, seq);
    }

    public static String id(int epoch, long seq) {
        return epoch + ":" + seq;
    }

    public Instant createdAt() {
        return Instant.ofEpochMilli(createdAtMs);
    }

    public Instant payBy() {
        return Instant.ofEpochMilli(createdAtMs + paymentWindowSeconds * 1000L);
    }

    /**
     * Reads the outbox text: {@code epoch seq createdAtMs windowSeconds}, then {@code user quantity attempt} per order.
     *
     * @throws IllegalArgumentException if the text is no lot
     */
    public static Lot parse(String saleId, String payload) {
        String[] words = payload.split(" ", -1);
        if (words.length < 7 || (words.length - 4) % 3 != 0) {
            throw new IllegalArgumentException("not a lot: " + words.length + " words");
        }
        List<OrderLine> orders = new ArrayList<>((words.length - 4) / 3);
        for (int i = 4; i < words.length; i += 3) {
            orders.add(new OrderLine(words[i], Integer.parseInt(words[i + 1]), Integer.parseInt(words[i + 2])));
        }
        return new Lot(
                saleId,
                Integer.parseInt(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Integer.parseInt(words[3]),
                orders);
    }
}
