package io.seckill.gateway.admin;

import io.seckill.gateway.sale.SaleRow;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;

/** Reads the operator's description of a new sale, and finds everything that is wrong with it at once. */
final class NewSale {
    /** Most units of a sale, in all. */
    static final int MAX_STOCK = 100_000_000;

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
    private static final int MAX_PAYMENT_WINDOW_S = 30 * 24 * 3600;
    private static final String ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int ID_LENGTH = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JsonObject json;
    private final SaleFields fields;

    private NewSale(JsonObject json) {
        this.json = json;
        this.fields = new SaleFields(json, FIELDS);
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
        return new Result(sale, json.getValue("startsAt") == null, reader.fields.errors());
    }

    private SaleRow sale(long nowMs) {
        JsonObject price = json.getValue("price") instanceof JsonObject object ? object : new JsonObject();
        fields.known(price, PRICE_FIELDS, "price.");
        SaleRow sale = new SaleRow(
                id(),
                fields.title(null),
                fields.description(""),
                fields.imageUrl(""),
                fields.number(price, "amount", "price.amount", null, 0, Long.MAX_VALUE / 1_000_000),
                currency(price),
                (int) fields.number("stock", null, 1, MAX_STOCK),
                fields.maxPerUser(1L),
                fields.time("startsAt", nowMs),
                fields.time("endsAt", null),
                (int) fields.number("paymentWindowSeconds", 900L, 1, MAX_PAYMENT_WINDOW_S),
                1,
                1,
                SaleRow.Phase.LOADING,
                false);
        if (fields.errors().isEmpty()) {
            fields.check(sale.startsMs() < sale.endsMs(), "endsAt must be after startsAt");
            fields.check(sale.endsMs() > nowMs, "endsAt must be in the future");
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
        fields.check(
                given instanceof String text && SaleKeys.isSaleId(text),
                "id must be 1 to 32 of a-z, 0-9 and -, not beginning with -");
        return given.toString();
    }

    private String currency(JsonObject price) {
        if (price.getValue("currency") instanceof String code && code.matches("[A-Z]{3}")) {
            return code;
        }
        fields.error("price.currency must be a code of three capital letters");
        return "";
    }
}
