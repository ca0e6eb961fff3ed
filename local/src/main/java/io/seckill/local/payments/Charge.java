package io.seckill.local.payments;

import io.vertx.core.json.JsonObject;
import java.util.UUID;

/**
 * What a gateway asks for.
 *
 * @param paymentId the gateway's; asking again with it is asking for the same payment
 * @param amount in the currency's smallest unit
 */
record Charge(String paymentId, UUID orderId, long amount, String currency) {
    /** Leaves room for what makes an event's id of it, within the 64 characters that one may have. */
    private static final String ID_FORM = "[A-Za-z0-9_-]{1,44}";

    /** @throws IllegalArgumentException with what is wrong; fields that are not known are passed over */
    static Charge read(JsonObject json) {
        // There are few currencies and many payments to remember.
        String currency = text(json, "currency", "[A-Z]{3}").intern();
        return new Charge(text(json, "paymentId", ID_FORM), orderId(json), amount(json), currency);
    }

    private static String text(JsonObject json, String name, String form) {
        if (json.getValue(name) instanceof String text && text.matches(form)) {
            return text;
        }
        throw new IllegalArgumentException(name + " must match " + form);
    }

    private static UUID orderId(JsonObject json) {
        if (json.getValue("orderId") instanceof String text) {
            try {
                UUID id = UUID.fromString(text);
                if (id.toString().equals(text)) {
                    return id;
                }
            } catch (IllegalArgumentException e) {
                // said below
            }
        }
        throw new IllegalArgumentException("orderId must be an order's id");
    }

    private static long amount(JsonObject json) {
        Object value = json.getValue("amount");
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return ((Number) value).longValue();
        }
        throw new IllegalArgumentException("amount must be a whole number of at least 0");
    }
}
