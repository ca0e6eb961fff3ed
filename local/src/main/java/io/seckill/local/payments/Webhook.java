package io.seckill.local.payments;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * An event of a payment, as the gateways are told it.
 *
 * @param number tells the events of one payment apart
 * @param occurredAtMs epoch milliseconds
 */
record Webhook(Charge charge, long number, Payment.State state, long occurredAtMs) {
    String id() {
        return "evt_" + charge.paymentId() + "_" + number;
    }

    Buffer body() {
        return new JsonObject()
                .put("id", id())
                .put("type", "payment." + state)
                .put("occurredAt", Instant.ofEpochMilli(occurredAtMs).toString())
                .put(
                        "payment",
                        new JsonObject()
                                .put("id", charge.paymentId())
                                .put("orderId", charge.orderId().toString())
                                .put("amount", charge.amount())
                                .put("currency", charge.currency()))
                .toBuffer();
    }
}
