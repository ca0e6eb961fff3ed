package io.seckill.gateway.admin;

import io.seckill.gateway.http.Problem;
import io.seckill.gateway.sale.SaleRow;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Other terms for a sale: title, description and picture at any time, a later end, and start and limit per user as long as
 * it has not started. What it has promised already, it keeps: the end never moves forward, the price never changes.
 *
 * @param fields as the operator sent them, each already of the right form
 */
record SalePatch(JsonObject fields) implements SaleChange {
    static final Set<String> FIELDS = Set.of("title", "description", "imageUrl", "startsAt", "endsAt", "maxPerUser");

    /** A patch, or what is wrong with it. */
    record Result(SalePatch patch, List<String> errors) {}

    static Result read(JsonObject json) {
        SaleFields fields = new SaleFields(json, FIELDS);
        JsonObject read = new JsonObject();
        if (json.isEmpty()) {
            fields.error("nothing to change; fields are "
                    + String.join(", ", FIELDS.stream().sorted().toList()));
        }
        if (json.containsKey("title")) {
            read.put("title", fields.title(null));
        }
        if (json.containsKey("description")) {
            read.put("description", fields.description(null));
        }
        if (json.containsKey("imageUrl")) {
            read.put("imageUrl", fields.imageUrl(null));
        }
        if (json.containsKey("startsAt")) {
            read.put("startsAt", fields.time("startsAt", null));
        }
        if (json.containsKey("endsAt")) {
            read.put("endsAt", fields.time("endsAt", null));
        }
        if (json.containsKey("maxPerUser")) {
            read.put("maxPerUser", fields.maxPerUser(null));
        }
        return new Result(new SalePatch(read), fields.errors());
    }

    @Override
    public String action() {
        return "patch";
    }

    @Override
    public Decision on(SaleRow sale, long nowMs) {
        Problem refusal = SaleChange.notNow(sale, nowMs);
        if (refusal != null) {
            return Decision.refused(refusal);
        }
        long starts = fields.getLong("startsAt", sale.startsMs());
        long ends = fields.getLong("endsAt", sale.endsMs());
        int limit = fields.getInteger("maxPerUser", sale.maxPerUser());
        boolean scheduled = nowMs < sale.startsMs();
        if (!scheduled && (starts != sale.startsMs() || limit != sale.maxPerUser())) {
            return Decision.refused(Problem.invalid("startsAt and maxPerUser can be changed only before the start"));
        } else if (ends < sale.endsMs()) {
            return Decision.refused(Problem.invalid("endsAt can only become later; POST …/end ends a sale now"));
        } else if (starts >= ends) {
            return Decision.refused(Problem.invalid("endsAt must be after startsAt"));
        }
        SaleRow becomes = sale.withTerms(
                fields.getString("title", sale.title()),
                fields.getString("description", sale.description()),
                fields.getString("imageUrl", sale.imageUrl()),
                starts,
                ends,
                limit);
        return Decision.change(becomes, difference(sale, becomes));
    }

    private static JsonObject difference(SaleRow before, SaleRow after) {
        JsonObject difference = new JsonObject();
        note(difference, "title", before.title(), after.title());
        note(difference, "imageUrl", before.imageUrl(), after.imageUrl());
        // Too long for the trail; that it changed is enough.
        note(
                difference,
                "descriptionLength",
                before.description(),
                after.description(),
                after.description().length());
        note(difference, "startsAt", Instant.ofEpochMilli(before.startsMs()), Instant.ofEpochMilli(after.startsMs()));
        note(difference, "endsAt", Instant.ofEpochMilli(before.endsMs()), Instant.ofEpochMilli(after.endsMs()));
        note(difference, "maxPerUser", before.maxPerUser(), after.maxPerUser());
        return difference;
    }

    private static void note(JsonObject difference, String name, Object before, Object after) {
        note(difference, name, before, after, after instanceof Integer ? after : after.toString());
    }

    private static void note(JsonObject difference, String name, Object before, Object after, Object shown) {
        if (!before.equals(after)) {
            difference.put(name, shown);
        }
    }
}
