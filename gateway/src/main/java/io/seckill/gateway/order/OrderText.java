package io.seckill.gateway.order;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * Writes orders as {@link OrderJson#json} would, for the one place where many are written: what a lot's orders share, their
 * times, is made into text once. One instance per event loop.
 */
public final class OrderText {
    private Instant createdAt;
    private Instant payBy;
    private String times = "";

    public Buffer of(OrderJson order) {
        if (needsEscape(order.userId())) {
            return order.json().toBuffer();
        }
        // An order's id, its sale's and its state hold nothing that JSON escapes.
        return Buffer.buffer("{\"id\":\"" + order.id() + "\",\"saleId\":\"" + order.saleId() + "\",\"userId\":\""
                + order.userId() + "\",\"quantity\":" + order.quantity() + ",\"state\":\"" + order.state()
                + times(order));
    }

    private String times(OrderJson order) {
        if (!order.createdAt().equals(createdAt) || !order.payBy().equals(payBy)) {
            createdAt = order.createdAt();
            payBy = order.payBy();
            times = "\",\"createdAt\":\"" + createdAt + "\",\"payBy\":\"" + payBy + "\"}";
        }
        return times;
    }

    // User ids are printable ASCII.
    private static boolean needsEscape(String userId) {
        return userId.indexOf('"') >= 0 || userId.indexOf('\\') >= 0;
    }
}
