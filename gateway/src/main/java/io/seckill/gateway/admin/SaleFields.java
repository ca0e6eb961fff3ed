package io.seckill.gateway.admin;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what an operator writes about a sale, field by field, and collects everything that is wrong with it. */
final class SaleFields {
    private static final int MAX_PER_USER = 10_000;
    private static final long LATEST_MS =
            OffsetDateTime.parse("2100-01-01T00:00:00Z").toInstant().toEpochMilli();

    private final JsonObject json;
    private final List<String> errors = new ArrayList<>();

    /** @param allowed every other field is an error */
    SaleFields(JsonObject json, Set<String> allowed) {
        this.json = json;
        known(json, allowed, "");
    }

    List<String> errors() {
        return errors;
    }

    void error(String error) {
        errors.add(error);
    }

    void check(boolean holds, String error) {
        if (!holds) {
            errors.add(error);
        }
    }

    void known(JsonObject object, Set<String> allowed, String prefix) {
        for (String name : object.fieldNames()) {
            check(allowed.contains(name), "unknown field " + prefix + name);
        }
    }

    String title(String otherwise) {
        return text("title", otherwise, 1, 200);
    }

    String description(String otherwise) {
        return text("description", otherwise, 0, 2_000);
    }

    String imageUrl(String otherwise) {
        return text("imageUrl", otherwise, 0, 500);
    }

    int maxPerUser(Long otherwise) {
        return (int) number("maxPerUser", otherwise, 1, MAX_PER_USER);
    }

    /** A field that is null counts as left out; where nothing stands for it, that is an error. */
    long number(String name, Long otherwise, long min, long max) {
        return number(json, name, name, otherwise, min, max);
    }

    long number(JsonObject from, String name, String path, Long otherwise, long min, long max) {
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

    /** Ms since 1970. */
    long time(String name, Long otherwise) {
        Object value = json.getValue(name);
        if (value == null && otherwise != null) {
            return otherwise;
        }
        try {
            if (value instanceof String text) {
                long ms = OffsetDateTime.parse(text).toInstant().toEpochMilli();
                if (ms > 0 && ms < LATEST_MS) {
                    return ms;
                }
            }
        } catch (DateTimeException | ArithmeticException e) {
            // reported below
        }
        errors.add(name + " must be a time like 2026-01-31T20:00:00Z");
        return 0;
    }

    private String text(String name, String otherwise, int min, int max) {
        Object value = orElse(json.getValue(name), otherwise);
        if (value instanceof String text && text.length() >= min && text.length() <= max) {
            return text;
        }
        errors.add(name + " must be a text of " + min + " to " + max + " characters");
        return "";
    }

    private static Object orElse(Object value, Object otherwise) {
        return value == null ? otherwise : value;
    }
}
