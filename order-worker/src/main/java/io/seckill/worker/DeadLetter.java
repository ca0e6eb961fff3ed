package io.seckill.worker;

import com.rabbitmq.client.AMQP;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderBatch.MalformedMessage;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.order.DeadLetters;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * One row of the table of dead letters. Always one that the table takes: what does not fit a column is left out of it and
 * remains in the payload. Pure.
 *
 * @param key the order's id, or the SHA-256 of an undecodable body: the same letter twice is one row
 * @param orderId null, as are the next two, if the body is no order batch
 * @param quantity units that the order took in Redis; 0 if that cannot be told
 * @param attempt null, as is the next, if the body is no order batch
 * @param epoch of the order's lot
 * @param payload an order batch of this order alone, or the body as it came
 */
record DeadLetter(
        String key,
        String orderId,
        String saleId,
        String userId,
        int quantity,
        Integer attempt,
        Integer epoch,
        String reason,
        Buffer payload) {
    /** The sale's row stays locked until the letter is committed: a rebuild has seen it, or it has seen the rebuild. */
    static final String ACCEPT_EPOCH = "SELECT accept_epoch FROM sale_row WHERE sale_id = ? LOCK IN SHARE MODE";

    // What was recorded under a later epoch is of another purchase, which bears the same id. And that an order is stale
    // says
    // nothing of a letter that a rebuild saw: that one's units were kept.
    private static final String KEEP = "(dead_letter.epoch > VALUES(epoch) OR (VALUES(reason) LIKE '"
            + DeadLetters.STALE_EPOCH + "%' AND dead_letter.reason NOT LIKE '" + DeadLetters.STALE_EPOCH
            + "%' AND dead_letter.reason NOT LIKE '" + DeadLetters.STOCK_EXCEEDED + "%'))";
    /**
     * A letter for an order that is stored after all says nothing; it is left out. One that comes back is open again. The
     * assignments take effect one after another, hence the columns that decide come last.
     */
    static final String INSERT =
            "INSERT INTO dead_letter (dead_key, order_id, sale_id, user_id, quantity, attempt, epoch,"
                    + " reason, payload, created_at)"
                    + " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3) FROM DUAL"
                    + " WHERE NOT EXISTS (SELECT 1 FROM orders WHERE order_id = ?)"
                    + " ON DUPLICATE KEY UPDATE replayed_at = NULL, deaths = deaths + 1,"
                    + " quantity = IF(" + KEEP + ", quantity, VALUES(quantity)),"
                    + " payload = IF(" + KEEP + ", payload, VALUES(payload)),"
                    + " attempt = IF(" + KEEP + ", attempt, VALUES(attempt)),"
                    + " reason = IF(" + KEEP + ", reason, VALUES(reason)),"
                    + " epoch = IF(" + KEEP + ", epoch, VALUES(epoch))";

    private static final int MAX_REASON = 200;
    private static final int MAX_SALE_ID = 32;
    // Well below what any server takes as one packet; only an undecodable body can be as long.
    private static final int MAX_PAYLOAD = 1 << 20;

    /** The rows of one delivery: one for each order, or one for an undecodable body. */
    static List<DeadLetter> of(AMQP.BasicProperties properties, Buffer body) {
        String reason = reason(properties);
        OrderBatch batch;
        try {
            batch = OrderBatch.decode(body);
        } catch (MalformedMessage e) {
            boolean cut = body.length() > MAX_PAYLOAD;
            String text = cut ? reason + " (payload cut, was " + body.length() + " bytes)" : reason;
            Buffer payload = cut ? body.getBuffer(0, MAX_PAYLOAD) : body;
            return List.of(new DeadLetter(sha256(body), null, null, null, 0, null, null, limit(text), payload));
        }
        List<DeadLetter> letters = new ArrayList<>();
        for (Lot lot : batch.lots()) {
            for (OrderLine line : lot.orders()) {
                letters.add(of(OrderRow.of(lot, line), reason));
            }
        }
        return letters;
    }

    Tuple parameters() {
        return Tuple.tuple()
                .addString(key)
                .addString(orderId)
                .addString(saleId)
                .addString(userId)
                .addInteger(quantity)
                .addInteger(attempt)
                .addInteger(epoch)
                .addString(reason)
                .addBuffer(payload)
                .addString(orderId);
    }

    /** The same letter, given the first epoch whose orders the sale still takes: from before it no letter holds units. */
    DeadLetter seenUnder(int acceptEpoch) {
        return epoch >= acceptEpoch || !DeadLetters.holdsUnits(reason)
                ? this
                : new DeadLetter(
                        key,
                        orderId,
                        saleId,
                        userId,
                        quantity,
                        attempt,
                        epoch,
                        limit(DeadLetters.STALE_EPOCH + ": " + reason),
                        payload);
    }

    private static DeadLetter of(OrderRow row, String reason) {
        String saleId = row.lot().saleId();
        boolean fits = saleId.length() <= MAX_SALE_ID && saleId.chars().allMatch(c -> c > ' ' && c <= '~');
        return new DeadLetter(
                row.orderId(),
                row.orderId(),
                fits ? saleId : null,
                row.line().userId(),
                row.line().quantity(),
                row.line().attempt(),
                row.lot().epoch(),
                limit(reason),
                row.encodeAlone());
    }

    /** Ours from the header; the broker's own, such as {@code delivery_limit}, from what it adds to a dead letter. */
    private static String reason(AMQP.BasicProperties properties) {
        Map<String, Object> headers = properties.getHeaders() == null ? Map.of() : properties.getHeaders();
        Object ours = headers.get(Topology.REASON_HEADER);
        if (ours != null) {
            return ours.toString();
        }
        if (headers.get("x-death") instanceof List<?> deaths
                && !deaths.isEmpty()
                && deaths.get(0) instanceof Map<?, ?> last
                && last.get("reason") != null) {
            return last.get("reason").toString();
        }
        return "unknown";
    }

    private static String limit(String reason) {
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
    }

    private static String sha256(Buffer body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
