package io.seckill.gateway.payment;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.UUID;

/**
 * What a payment provider tells of a payment.
 *
 * @param id the same each time the event is sent
 * @param paymentId the provider's
 * @param amount in the currency's smallest unit
 */
record PaymentEvent(
        String id, Type type, Instant occurredAt, String paymentId, String orderId, long amount, String currency) {
    enum Type {
        SUCCEEDED("payment.succeeded"),
        FAILED("payment.failed"),
        REFUNDED("payment.refunded");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final String ID_FORM = "[A-Za-z0-9_:.-]{1,64}";

    /** @throws IllegalArgumentException with what is wrong; fields that are not known are passed over */
    static PaymentEvent read(Buffer body) {
        JsonObject json = object(body);
        JsonObject payment = json.getValue("payment") instanceof JsonObject object ? object : new JsonObject();
        return new PaymentEvent(
                text(json, "id", ID_FORM),
                type(json.getValue("type")),
                time(json.getValue("occurredAt")),
                text(payment, "id", ID_FORM),
                orderId(payment.getValue("orderId")),
                amount(payment.getValue("amount")),
                text(payment, "currency", "[A-Z]{3}"));
    }

    private static JsonObject object(Buffer body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("the body is not a JSON object", e);
        }
    }

    private static String text(JsonObject json, String name, String form) {
        if (json.getValue(name) instanceof String text && text.matches(form)) {
            return text;
        }
        throw new IllegalArgumentException(name + " must match " + form);
    }

    private static Type type(Object value) {
        return Arrays.stream(Type.values())
                .filter(type -> type.text.equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("type must be one of " + Arrays.asList(Type.values())));
    }

    private static Instant time(Object value) {
        try {
            return OffsetDateTime.parse(String.valueOf(value)).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("occurredAt must be a time like 2026-01-31T20:00:00Z", e);
        }
    }

    private static String orderId(Object value) {
        try {
            String text = String.valueOf(value);
            if (UUID.fromString(text).toString().equals(text)) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        throw new IllegalArgumentException("payment.orderId must be an order's id");
    }

    private static long amount(Object value) {
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return ((Number) value).longValue();
        }
        throw new IllegalArgumentException("payment.amount must be a whole number of at least 0");
    }
}
