package io.seckill.loadtest;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the system's own audit of a sale says, in units. Checked against MySQL by {@link AuditReport}. */
public record GatewayAudit(
        long stock,
        long remaining,
        long inFlight,
        long pendingPayment,
        long paid,
        long restocking,
        long oversold,
        long lost,
        long deadLettered,
        boolean balanced) {

    /** @throws IllegalArgumentException naming every field that is missing or not of its type */
    static GatewayAudit of(JsonObject json) {
        List<String> errors = new ArrayList<>();
        GatewayAudit audit = new GatewayAudit(
                units(json, "stock", errors),
                units(json, "remaining", errors),
                units(json, "inFlight", errors),
                units(json, "pendingPayment", errors),
                units(json, "paid", errors),
                units(json, "restocking", errors),
                units(json, "oversold", errors),
                units(json, "lost", errors),
                units(json, "deadLettered", errors),
                Boolean.TRUE.equals(json.getValue("balanced")));
        if (!(json.getValue("balanced") instanceof Boolean)) {
            errors.add("balanced");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(
                    "the gateway's audit lacks or garbles " + String.join(", ", errors) + ": " + json.encode());
        }
        return audit;
    }

    private static long units(JsonObject json, String name, List<String> errors) {
        if (json.getValue(name) instanceof Number number) {
            return number.longValue();
        }
        errors.add(name);
        return 0;
    }

    /** The right side of the equation: where the units are. */
    long accountedFor() {
        return remaining + inFlight + pendingPayment + paid + restocking + deadLettered;
    }

    /** The equation in figures, in the order of the terms above. */
    String equation() {
        return String.format(
                Locale.ROOT,
                "%,d %s %,d + %,d + %,d + %,d + %,d + %,d",
                stock,
                stock == accountedFor() ? "=" : "≠",
                remaining,
                inFlight,
                pendingPayment,
                paid,
                restocking,
                deadLettered);
    }
}
