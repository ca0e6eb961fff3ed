package io.seckill.schema.redis;

/**
 * What Redis knows of a sale at one instant.
 *
 * @param nowMs Redis' clock
 * @param present the sale's keys are there
 * @param armed {@code reserve} decides; otherwise it answers FENCED
 * @param phase {@code selling}, {@code paused} or {@code ended}; empty if absent
 * @param unconfirmed lots in the outbox
 * @param overdue of these, how many a relay may publish now
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
        int overdue) {}
