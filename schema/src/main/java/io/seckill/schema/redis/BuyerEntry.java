package io.seckill.schema.redis;

/**
 * A user's line in the buyers of a sale: {@code flag:attempt:quantity:epoch:seq:createdAtMs[:releasedSeq]}.
 *
 * @param active false once the units were given back
 * @param seq the call that took the units
 * @param releasedSeq the call that gave back the units of this order, or of the one before it if this one is active; 0 if
 *     none ever came back
 */
public record BuyerEntry(
        boolean active, int attempt, int quantity, int epoch, long seq, long createdAtMs, long releasedSeq) {

    /** @throws IllegalArgumentException if the text is no entry */
    public static BuyerEntry parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length < 6 || parts.length > 7) {
            throw new IllegalArgumentException("not a buyer's entry: " + text);
        }
        return new BuyerEntry(
                parts[0].equals("a"),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                parts.length == 7 ? Long.parseLong(parts[6]) : 0);
    }

    /** As it is written; {@link #parse} reads it. */
    String text() {
        String text = (active ? "a:" : "r:") + attempt + ':' + quantity + ':' + epoch + ':' + seq + ':' + createdAtMs;
        return active && releasedSeq == 0 ? text : text + ':' + releasedSeq;
    }

    /** A returning buyer in a reply of reserve: an entry with one more part, 1 if the lot is unconfirmed. */
    static ReserveOutcome.Held held(String text) {
        int last = text.lastIndexOf(':');
        BuyerEntry entry = parse(text.substring(0, last));
        return new ReserveOutcome.Held(
                entry.attempt, entry.quantity, entry.epoch, entry.seq, entry.createdAtMs, text.charAt(last + 1) == '1');
    }
}
