package io.seckill.schema.redis;

/**
 * A user's line in the buyers of a sale: {@code flag:attempt:quantity:epoch:seq:createdAtMs}.
 *
 * @param active false once the units were given back
 */
public record BuyerEntry(boolean active, int attempt, int quantity, int epoch, long seq, long createdAtMs) {

    /** @throws IllegalArgumentException if the text is no entry */
    public static BuyerEntry parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length < 6) {
            throw new IllegalArgumentException("not a buyer's entry: " + text);
        }
        return new BuyerEntry(
                parts[0].equals("a"),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]));
    }

    /** A returning buyer in a reply of reserve: an entry with one more part, 1 if the lot is unconfirmed. */
    static ReserveOutcome.Held held(String text) {
        BuyerEntry entry = parse(text);
        return new ReserveOutcome.Held(
                entry.attempt,
                entry.quantity,
                entry.epoch,
                entry.seq,
                entry.createdAtMs,
                text.charAt(text.length() - 1) == '1');
    }
}
