package io.seckill.gateway.page;

import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleView;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.Map;

/** A sale as a page says it before any script has run. Times are in UTC then; a script makes them local. */
final class SaleText {
    private static final int USUAL_DIGITS = 2;

    private final SaleView sale;
    private final Texts texts;
    private final String state;

    SaleText(SaleView sale, Texts texts, long nowMs) {
        this.sale = sale;
        this.texts = texts;
        this.state = sale.state(nowMs);
    }

    /** What stands at a place of a template. */
    Object at(String place) {
        SaleRow row = sale.row();
        return switch (place) {
            case "id" -> row.saleId();
            case "title" -> row.title();
            case "description" -> row.description();
            case "price" -> price(row.priceAmount(), row.priceCurrency());
            case "picture" -> SalePicture.url(row);
            case "state" -> state;
            case "stateText" -> texts.get("state." + state);
            case "left" -> texts.get("left", Map.of("left", number(sale.remaining()), "stock", number(row.stock())));
            case "remaining" -> Integer.toString(sale.remaining());
            case "stock" -> Integer.toString(row.stock());
            case "share" -> Double.toString(Math.round(1_000.0 * sale.remaining() / row.stock()) / 10.0);
            case "starts" -> Instant.ofEpochMilli(row.startsMs()).toString();
            case "ends" -> Instant.ofEpochMilli(row.endsMs()).toString();
            case "when" -> Instant.ofEpochMilli(whenMs(row)).toString();
            case "whenText" -> texts.get(whenKey(), Map.of("time", time(whenMs(row))));
            case "startsText" -> time(row.startsMs());
            case "endsText" -> time(row.endsMs());
            case "maxPerUser" -> Integer.toString(row.maxPerUser());
            default -> throw new IllegalStateException("a sale has no " + place);
        };
    }

    // What is next: its start, then its end.
    private long whenMs(SaleRow row) {
        return state.equals("scheduled") ? row.startsMs() : row.endsMs();
    }

    private String whenKey() {
        return switch (state) {
            case "scheduled" -> "startsAt";
            case "ended" -> "endedAt";
            default -> "endsAt";
        };
    }

    private String number(int number) {
        return NumberFormat.getIntegerInstance(texts.locale()).format(number);
    }

    private String price(long amount, String code) {
        NumberFormat format = NumberFormat.getCurrencyInstance(texts.locale());
        int digits = USUAL_DIGITS;
        try {
            Currency currency = Currency.getInstance(code);
            digits = Math.max(0, currency.getDefaultFractionDigits());
            format.setCurrency(currency);
        } catch (IllegalArgumentException notListed) {
            return BigDecimal.valueOf(amount, digits).toPlainString() + " " + code;
        }
        format.setMinimumFractionDigits(digits);
        format.setMaximumFractionDigits(digits);
        return format.format(BigDecimal.valueOf(amount, digits));
    }

    private String time(long ms) {
        return DateTimeFormatter.ofPattern(texts.get("timePattern"), texts.locale())
                .withZone(ZoneOffset.UTC)
                .format(Instant.ofEpochMilli(ms));
    }
}
