package io.seckill.local.payments;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the provider misbehaves. {@link Cashier} does what it says.
 *
 * @param delayMs how long after a charge its webhook is sent; the charge is answered as pending if that is not at once
 * @param duplicates how many more times each webhook is sent
 * @param reorder whether a payment.failed of an earlier time follows each payment.succeeded
 * @param failRate share of charges that fail, 0 to 1
 * @param holdWebhooks whether webhooks wait until this is false again
 * @param seed of the choice which charges fail
 */
record Behaviour(int delayMs, int duplicates, boolean reorder, double failRate, boolean holdWebhooks, long seed) {
    static final Behaviour PRESET = new Behaviour(0, 0, false, 0, false, 1);

    private static final int MAX_DELAY_MS = 600_000;
    private static final int MAX_DUPLICATES = 10;

    /**
     * What is left out is as preset.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Behaviour read(JsonObject json) {
        Set<String> unknown = new TreeSet<>(json.fieldNames());
        unknown.removeAll(PRESET.json().fieldNames());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there is no " + String.join(", ", unknown));
        }
        return new Behaviour(
                (int) whole(json, "delayMs", PRESET.delayMs, 0, MAX_DELAY_MS),
                (int) whole(json, "duplicates", PRESET.duplicates, 0, MAX_DUPLICATES),
                flag(json, "reorder", PRESET.reorder),
                share(json, "failRate", PRESET.failRate),
                flag(json, "holdWebhooks", PRESET.holdWebhooks),
                whole(json, "seed", PRESET.seed, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    JsonObject json() {
        return new JsonObject()
                .put("delayMs", delayMs)
                .put("duplicates", duplicates)
                .put("reorder", reorder)
                .put("failRate", failRate)
                .put("holdWebhooks", holdWebhooks)
                .put("seed", seed);
    }

    /** Whether a webhook is sent only after its charge was answered. */
    boolean tellsLater() {
        return delayMs > 0 || holdWebhooks;
    }

    private static long whole(JsonObject json, String name, long preset, long min, long max) {
        Object value = json.getValue(name, preset);
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw new IllegalArgumentException("%s must be a whole number, %d to %d".formatted(name, min, max));
    }

    private static double share(JsonObject json, String name, double preset) {
        if (json.getValue(name, preset) instanceof Number number
                && number.doubleValue() >= 0
                && number.doubleValue() <= 1) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(name + " must be a number, 0 to 1");
    }

    private static boolean flag(JsonObject json, String name, boolean preset) {
        if (json.getValue(name, preset) instanceof Boolean flag) {
            return flag;
        }
        throw new IllegalArgumentException(name + " must be true or false");
    }
}
