package io.seckill.schema.order;

import java.time.Instant;

/**
 * An order that a transaction brought to its end.
 *
 * @param state {@code paid}, {@code cancelled} or {@code expired}
 * @param payBy the end of its payment window
 * @param at when it ended, by the database's clock
 */
public record EndedOrder(
        String orderId,
        String saleId,
        String userId,
        int quantity,
        int attempt,
        String state,
        Instant payBy,
        Instant at) {}
