package io.seckill.gateway.admin;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.order.DeadLetters;
import io.seckill.schema.redis.BuyerEntry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A dead letter as the operator sees it, and what a replay would send. Pure.
 *
 * @param orderId null if the message could not be read; then so are sale, user and attempt
 * @param deaths how often it was recorded as a dead letter
 * @param replayedAt when its replay was confirmed, or null; it did not come back since
 * @param stored its order is in MySQL after all
 * @param saleEpoch null if there is no such sale
 * @param recovering the sale is being rebuilt
 * @param size bytes of the whole payload
 * @param payload all of it, or its beginning
 */
record DeadLetterRow(
        String key,
        String orderId,
        String saleId,
        String userId,
        int quantity,
        Integer attempt,
        Integer epoch,
        String reason,
        long deaths,
        LocalDateTime createdAt,
        LocalDateTime replayedAt,
        boolean stored,
        Integer saleEpoch,
        boolean recovering,
        long size,
        Buffer payload) {
    /** Bytes of a payload that could not be read that an operator is shown. */
    static final int EXCERPT = 96;

    private static final String CUT = "(payload cut, was ";

    static DeadLetterRow of(Row row) {
        return new DeadLetterRow(
                row.getString("dead_key"),
                row.getString("order_id"),
                row.getString("sale_id"),
                row.getString("user_id"),
                row.getInteger("quantity"),
                row.getInteger("attempt"),
                row.getInteger("epoch"),
                row.getString("reason"),
                row.getLong("deaths"),
                row.getLocalDateTime("created_at"),
                row.getLocalDateTime("replayed_at"),
                row.getLong("stored") == 1,
                row.getInteger("sale_epoch"),
                row.getLong("recovering") == 1,
                row.getLong("size"),
                row.getBuffer("payload"));
    }

    /** Why it cannot be replayed, or null. */
    String whyNot() {
        if (stored) {
            return "stored";
        } else if (!DeadLetters.holdsUnits(reason)) {
            return DeadLetters.word(reason);
        } else if (orderId == null && reason.contains(CUT)) {
            return "payload_cut";
        } else if (recovering) {
            return "recovering";
        }
        return null;
    }

    /**
     * What is published again: the payload as it is, but an order of an earlier epoch of its sale under the present one, for
     * the workers' guard takes no other.
     */
    Buffer toPublish() {
        return outlivedARebuild() ? new OrderBatch(List.of(lot().carriedInto(saleEpoch))).encode() : payload;
    }

    /** Its order is of an earlier epoch than its sale: whether it still has its units only Redis can tell. */
    boolean outlivedARebuild() {
        return orderId != null && saleEpoch != null && lot().epoch() < saleEpoch;
    }

    /** @param entry the buyer's, as Redis has it by now, or null */
    boolean hasUnitsBy(BuyerEntry entry) {
        return entry != null
                && entry.active()
                && entry.attempt() == lot().orders().get(0).attempt();
    }

    private Lot lot() {
        return OrderBatch.decode(payload).lots().get(0);
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("key", key)
                .put("orderId", orderId)
                .put("saleId", saleId)
                .put("userId", userId)
                .put("quantity", quantity)
                .put("attempt", attempt)
                .put("epoch", epoch)
                .put("reason", reason)
                .put("deaths", deaths)
                .put("createdAt", time(createdAt))
                .put("replayedAt", time(replayedAt))
                .put("state", stored ? "stored" : replayedAt == null ? "open" : "replayed")
                .put("replayable", whyNot() == null);
        if (whyNot() != null) {
            json.put("whyNot", whyNot());
        }
        return orderId == null ? json.put("size", size).put("excerpt", excerpt()) : json;
    }

    private String excerpt() {
        Buffer shown = payload.slice(0, Math.min(payload.length(), EXCERPT));
        return shown.toString(StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".");
    }

    private static String time(LocalDateTime utc) {
        return utc == null ? null : utc.toInstant(ZoneOffset.UTC).toString();
    }
}
