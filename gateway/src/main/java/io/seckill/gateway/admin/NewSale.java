package io.seckill.gateway.admin;

import io.seckill.gateway.sale.SaleRow;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the operator's description of a new sale, and finds everything that is wrong with it at once. */
final class NewSale {
    private static final Set<String> FIELDS = Set.of(
            "id",
            "title",
            "description",
            "imageUrl",
            "price",
            "stock",
            "maxPerUser",
            "startsAt",
            "endsAt",
            "paymentWindowSeconds");
    private static final Set<String> PRICE_FIELDS = Set.of("amount", "currency");
    private static final int MAX_STOCK = 100_000_000;
    private static final int MAX_PER_USER = 10_000;
    private static final int MAX_PAYMENT_WINDOW_S = 30 * 24 * 3600;
    private static final String ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int ID_LENGTH = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JsonObject json;
    private final List<String> errors = new ArrayList<>();

    private NewSale(JsonObject json) {
        this.json = json;
    }

    /**
     * A sale, or what is wrong.
     *
     * @param startsNow no start was given, so it is the moment of reading and no term of the creator's
     */
    record Result(SaleRow sale, boolean startsNow, List<String> errors) {}

    /** @param nowMs the servers' clock: a sale may not be over before it began */
    static Result read(JsonObject json, long nowMs) {
        NewSale reader = new NewSale(json);
        SaleRow sale = reader.sale(nowMs);
        return new Result(sale, json.getValue("startsAt") == null, reader.errors);
    }

    private SaleRow sale(long nowMs) {
        for (String name : json.fieldNames()) {
            check(FIELDS.contains(name), "unknown field " + name);
        }
        JsonObject price = json.getValue("price") instanceof JsonObject object ? object : new JsonObject();
        for (String name : price.fieldNames()) {
            check(PRICE_FIELDS.contains(name), "unknown field price." + name);
        }
        SaleRow sale = new SaleRow(
                id(),
                text("title", null, 1, 200),
                text("description", "", 0, 2_000),
                text("imageUrl", "", 0, 500),
                number(price, "amount", "price.amount", null, 0, Long.MAX_VALUE / 1_000_000),
                currency(price),
                (int) number(json, "stock", "stock", null, 1, MAX_STOCK),
                (int) number(json, "maxPerUser", "maxPerUser", 1L, 1, MAX_PER_USER),
                time("startsAt", nowMs),
                time("endsAt", null),
                (int) number(json, "paymentWindowSeconds", "paymentWindowSeconds", 900L, 1, MAX_PAYMENT_WINDOW_S),
                1,
                1,
                SaleRow.Phase.LOADING);
        if (errors.isEmpty()) {
            check(sale.startsMs() < sale.endsMs(), "endsAt must be after startsAt");
            check(sale.endsMs() > nowMs, "endsAt must be in the future");
        }
        return sale;
    }

    private String id() {
        Object given = json.getValue("id");
        if (given == null) {
            StringBuilder id = new StringBuilder(ID_LENGTH);
            for (int i = 0; i < ID_LENGTH; i++) {
                id.append(ID_LETTERS.charAt(RANDOM.nextInt(ID_LETTERS.length())));
            }
            return id.toString();
        }
        check(
                given instanceof String text && SaleKeys.isSaleId(text),
                "id must be 1 to 32 of a-z, 0-9 and -, not beginning with -");
        return given.toString();
    }

    private String text(String name, String otherwise, int min, int max) {
        Object value = orElse(json.getValue(name), otherwise);
        if (value instanceof String text && text.length() >= min && text.length() <= max) {
            return text;
        }
        errors.add(name + " must be a text of " + min + " to " + max + " characters");
        return "";
    }

    private String currency(JsonObject price) {
        if (price.getValue("currency") instanceof String code && code.matches("[A-Z]{3}")) {
            return code;
        }
        errors.add("price.currency must be a code of three capital letters");
        return "";
    }

    private long number(JsonObject from, String name, String path, Long otherwise, long min, long max) {
        Object value = orElse(from.getValue(name), otherwise);
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        errors.add(path + " must be a whole number from " + min + " to " + max);
        return min;
    }

    private long time(String name, Long otherwise) {
        Object value = json.getValue(name);
        if (value == null && otherwise != null) {
            return otherwise;
        }
        try {
            if (value instanceof String text) {
                long ms = OffsetDateTime.parse(text).toInstant().toEpochMilli();
                OffsetDateTime limit = OffsetDateTime.parse("2100-01-01T00:00:00Z");
                if (ms > 0 && ms < limit.toInstant().toEpochMilli()) {
                    return ms;
                }
            }
        } catch (DateTimeException | ArithmeticException e) {
            // reported below
        }
        errors.add(name + " must be a time like 2026-01-31T20:00:00Z");
        return 0;
    }

    /** A field that is null counts as left out. */
    private static Object orElse(Object value, Object otherwise) {
        return value == null ? otherwise : value;
    }

    private void check(boolean holds, String error) {
        if (!holds) {
            errors.add(error);
        }
    }
}
