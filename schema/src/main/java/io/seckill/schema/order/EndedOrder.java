package io.seckill.schema.order;

import java.time.Instant;

/**
 * An order that a transaction brought to its end.
 *
 * @param state {@code paid}, {@code cancelled} or {@code expired}
 * @param at by the database's clock
 */
public record EndedOrder(
        String orderId, String saleId, String userId, int quantity, int attempt, String state, Instant at) {}
