package io.seckill.gateway.sale;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * A sale as MySQL has it. Times in ms since 1970, the payment window in seconds.
 *
 * @param version grows with every change by an operator
 * @param recovering the sale is being rebuilt, after Redis lost it
 */
public record SaleRow(
        String saleId,
        String title,
        String description,
        String imageUrl,
        long priceAmount,
        String priceCurrency,
        int stock,
        int maxPerUser,
        long startsMs,
        long endsMs,
        int paymentWindowSeconds,
        int epoch,
        int version,
        Phase phase,
        boolean recovering) {

    /** How far the operator has brought it; the state that people see is derived. */
    public enum Phase {
        LOADING,
        SELLING,
        PAUSED,
        ENDED;

        /** As MySQL writes it. */
        public String stored() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** As Redis writes it, or empty where Redis has nothing to say. */
        String redis() {
            return this == LOADING ? "" : stored();
        }
    }

    /** The columns that {@link #of} reads. */
    public static final String COLUMNS = "sale_id, title, description, image_url, price_amount, price_currency, stock,"
            + " max_per_user, starts_at, ends_at, payment_window_s, epoch, version, phase,"
            + " EXISTS (SELECT 1 FROM sale_rebuild r WHERE r.sale_id = sale_row.sale_id) AS recovering";

    public static SaleRow of(Row row) {
        return new SaleRow(
                row.getString("sale_id"),
                row.getString("title"),
                row.getString("description"),
                row.getString("image_url"),
                row.getLong("price_amount"),
                row.getString("price_currency"),
                row.getInteger("stock"),
                row.getInteger("max_per_user"),
                ms(row.getLocalDateTime("starts_at")),
                ms(row.getLocalDateTime("ends_at")),
                row.getInteger("payment_window_s"),
                row.getInteger("epoch"),
                row.getInteger("version"),
                Phase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT)),
                row.getInteger("recovering") == 1);
    }

    /**
     * The same sale as far as its creator described it.
     *
     * @param anyStart the creator left the start open
     */
    public boolean sameTerms(SaleRow other, boolean anyStart) {
        JsonObject wanted = other.json();
        return json().equals(anyStart ? wanted.put("startsAt", json().getValue("startsAt")) : wanted);
    }

    public SaleRow with(Phase otherPhase) {
        return new SaleRow(
                saleId,
                title,
                description,
                imageUrl,
                priceAmount,
                priceCurrency,
                stock,
                maxPerUser,
                startsMs,
                endsMs,
                paymentWindowSeconds,
                epoch,
                version,
                otherPhase,
                recovering);
    }

    public SaleRow withStock(int otherStock) {
        return new SaleRow(
                saleId,
                title,
                description,
                imageUrl,
                priceAmount,
                priceCurrency,
                otherStock,
                maxPerUser,
                startsMs,
                endsMs,
                paymentWindowSeconds,
                epoch,
                version,
                phase,
                recovering);
    }

    public SaleRow rebuilding() {
        return new SaleRow(
                saleId,
                title,
                description,
                imageUrl,
                priceAmount,
                priceCurrency,
                stock,
                maxPerUser,
                startsMs,
                endsMs,
                paymentWindowSeconds,
                epoch,
                version,
                phase,
                true);
    }

    /** The same sale under the terms that an operator may change. */
    public SaleRow withTerms(
            String otherTitle,
            String otherDescription,
            String otherImageUrl,
            long otherStartsMs,
            long otherEndsMs,
            int otherMaxPerUser) {
        return new SaleRow(
                saleId,
                otherTitle,
                otherDescription,
                otherImageUrl,
                priceAmount,
                priceCurrency,
                stock,
                otherMaxPerUser,
                otherStartsMs,
                otherEndsMs,
                paymentWindowSeconds,
                epoch,
                version,
                phase,
                recovering);
    }

    /** MySQL's UTC column as an instant. */
    public static long ms(LocalDateTime utc) {
        return utc.toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    /** An instant as MySQL's UTC column. */
    public static LocalDateTime utc(long ms) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), ZoneOffset.UTC);
    }

    /** The sale as the API shows it, but for what changes by itself. */
    JsonObject json() {
        return new JsonObject()
                .put("id", saleId)
                .put("title", title)
                .put("description", description)
                .put("imageUrl", imageUrl)
                .put("price", new JsonObject().put("amount", priceAmount).put("currency", priceCurrency))
                .put("stock", stock)
                .put("maxPerUser", maxPerUser)
                .put("startsAt", Instant.ofEpochMilli(startsMs).toString())
                .put("endsAt", Instant.ofEpochMilli(endsMs).toString())
                .put("paymentWindowSeconds", paymentWindowSeconds);
    }
}
