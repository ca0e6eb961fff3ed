package io.seckill.schema.redis;

/**
 * What Redis knows of a sale at one instant.
 *
 * @param nowMs Redis' clock
 * @param present the sale's keys are there
 * @param armed {@code reserve} decides; otherwise it answers FENCED
 * @param phase {@code selling}, {@code paused} or {@code ended}; empty if absent
 * @param seq number of the last call that moved units, either way
 * @param unconfirmed lots in the outbox
 * @param overdue of these, how many a relay may publish now
 * @param version of the operator's settings
 * @param stock units in all, as far as Redis was told
 * @param releases calls that gave units back; 0 means that nobody can have a second order
 */
public record SaleStatus(
        long nowMs,
        boolean present,
        boolean armed,
        int epoch,
        String phase,
        int remaining,
        long seq,
        int unconfirmed,
        int overdue,
        int version,
        int stock,
        long releases) {

    /** Units that are sold and not given back. */
    public long taken() {
        return (long) stock - remaining;
    }

    /** What is known of a sale that Redis does not have. */
    public static SaleStatus absent(long nowMs) {
        return new SaleStatus(nowMs, false, false, 0, "", 0, 0, 0, 0, 0, 0, 0);
    }
}
