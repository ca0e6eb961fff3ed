package io.seckill.gateway.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.seckill.gateway.metrics.SaleRows.Value;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.redis.SaleStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What a gateway knows of its sales, as gauges that are read when somebody asks for them. Sales that sell now come first, and
 * only some of them under their own ids. On the management event loop.
 */
public final class SaleMeters {
    private static final List<String> STATES =
            List.of("scheduled", "open", "sold_out", "paused", "ended", "recovering");

    private final Supplier<SaleCatalog> catalog;
    private final MultiGauge stock;
    private final MultiGauge remaining;
    private final MultiGauge epoch;
    private final MultiGauge states;

    public SaleMeters(Supplier<SaleCatalog> catalog, MeterRegistry registry) {
        this.catalog = catalog;
        this.stock = perSale(registry, "stock.units", "Units that a sale has in all, as far as Redis was told");
        this.remaining = perSale(registry, "remaining.units", "Units of a sale that can still be bought");
        this.epoch = perSale(registry, "epoch", "How often a sale was begun anew in Redis; not for other");
        this.states = MultiGauge.builder("seckill.sales")
                .description("Sales by the state that shoppers see")
                .register(registry);
        total(registry, "seckill.outbox.lots", "Lots in the outboxes of all sales", SaleStatus::unconfirmed);
        total(
                registry,
                "seckill.outbox.overdue.lots",
                "Of these, how many a relay should have sent",
                SaleStatus::overdue);
        total(
                registry,
                "seckill.sales.fenced",
                "Sales that Redis refuses to sell until they are rebuilt",
                status -> status.armed() ? 0 : 1);
    }

    private static MultiGauge perSale(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder("seckill.sale." + name)
                .description(description)
                .register(registry);
    }

    private void total(MeterRegistry registry, String name, String description, ToIntFunction<SaleStatus> count) {
        Gauge.builder(name, catalog, sales -> sales.get().sales().values().stream()
                        .map(SaleView::status)
                        .filter(status -> status != null)
                        .mapToInt(count)
                        .sum())
                .description(description)
                .register(registry);
    }

    /** Reads the sales as they are now: to be called before each scrape. */
    public void refresh() {
        SaleCatalog now = catalog.get();
        List<SaleView> known = new ArrayList<>(now.newestFirst());
        known.removeIf(sale -> sale.status() == null || !sale.status().present());
        known.sort(Comparator.comparing(sale -> !sells(sale, now.nowMs())));
        stock.register(rows(known, sale -> sale.status().stock()), true);
        remaining.register(rows(known, sale -> sale.status().remaining()), true);
        List<MultiGauge.Row<?>> epochs = rows(known, sale -> sale.status().epoch());
        epoch.register(epochs.subList(0, epochs.size() - 1), true);
        states.register(states(now), true);
    }

    private static boolean sells(SaleView sale, long nowMs) {
        return !sale.isOver(nowMs) && nowMs >= sale.row().startsMs();
    }

    private static List<MultiGauge.Row<?>> rows(List<SaleView> sales, ToIntFunction<SaleView> value) {
        return SaleRows.of(sales.stream()
                .map(sale -> new Value(sale.saleId(), value.applyAsInt(sale)))
                .toList());
    }

    private static List<MultiGauge.Row<?>> states(SaleCatalog now) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        STATES.forEach(state -> counts.put(state, 0));
        now.sales().values().forEach(sale -> counts.merge(sale.state(now.nowMs()), 1, Integer::sum));
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        counts.forEach((state, count) -> rows.add(MultiGauge.Row.of(Tags.of("state", state), count)));
        return rows;
    }
}
