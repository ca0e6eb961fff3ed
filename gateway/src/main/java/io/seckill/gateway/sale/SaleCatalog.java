package io.seckill.gateway.sale;

import io.seckill.gateway.http.ServerClock;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * All sales as this gateway knows them, and the servers' clock. An immutable snapshot: the watch makes a new one several
 * times a second and hands it to every event loop.
 */
public record SaleCatalog(Map<String, SaleView> sales, ServerClock clock) {
    /** Local event bus address on which the snapshots come. */
    public static final String ADDRESS = "seckill.sale-catalog";

    public SaleCatalog {
        sales = Map.copyOf(sales);
    }

    /** The sale, or null. */
    public SaleView sale(String saleId) {
        return sales.get(saleId);
    }

    public long nowMs() {
        return clock.nowMs();
    }

    public JsonObject json(SaleView sale) {
        long now = nowMs();
        return sale.row()
                .json()
                .put("remaining", sale.remaining())
                .put("state", sale.state(now))
                .put("serverTime", Instant.ofEpochMilli(now).toString());
    }

    /** By start, the newest first. */
    public List<SaleView> newestFirst() {
        return sales.values().stream()
                .sorted(Comparator.comparingLong((SaleView sale) -> sale.row().startsMs())
                        .reversed()
                        .thenComparing(SaleView::saleId))
                .toList();
    }
}
