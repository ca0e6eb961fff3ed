package io.seckill.schema.redis;

import java.util.regex.Pattern;

/**
 * The four keys of one sale, under one hash tag, so that a call of a function is one atomic step on one node.
 *
 * @param saleId the sale
 */
public record SaleKeys(String saleId, String sale, String buyers, String outbox, String lots) {
    private static final Pattern SALE_ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final String HEAD = "seckill:{";

    public static SaleKeys of(String saleId) {
        String tag = HEAD + saleId + "}:";
        return new SaleKeys(saleId, tag + "sale", tag + "buyers", tag + "outbox", tag + "lots");
    }

    /** The one rule for sale ids: 1 to 32 of a-z, 0-9 and -, not - at the beginning. */
    public static boolean isSaleId(String text) {
        return text != null && SALE_ID.matcher(text).matches();
    }

    /** The sale that a {@code sale} key belongs to, as published on the change channel. */
    public static String saleOf(String key) {
        int end = key.indexOf('}');
        return key.startsWith(HEAD) && end > 0 ? key.substring(HEAD.length(), end) : "";
    }
}
