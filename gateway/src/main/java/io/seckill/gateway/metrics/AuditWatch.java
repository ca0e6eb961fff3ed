package io.seckill.gateway.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Timer;
import io.seckill.gateway.admin.AuditTerms;
import io.seckill.gateway.metrics.SaleRows.Value;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.redis.SaleStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's audit without an operator: every sale that anything was sold of, one after the other, round after round, so
 * that a unit too many or too few raises an alarm by itself. Rests up to ten minutes, so that counting takes at most a twentieth of the
 * time, and lets a rush go by, for counting takes half a core from it. One per process, on the management event loop; every
 * gateway counts for itself.
 */
public final class AuditWatch {
    private static final Logger LOG = LoggerFactory.getLogger(AuditWatch.class);
    private static final int REST_PER_WORK = 19;
    private static final int MOST_REST_MS = 600_000;

    /** Units sold in a second, of all sales together, that make a rush. */
    static final int RUSH_UNITS = 1_000;

    // An alarm must not wait for the end of a day-long rush. And with the longest rest it has to stay below the quarter
    // of an hour after which SeckillNotAudited fires.
    private static final int MOST_PUT_OFF_MS = 120_000;
    private static final int LOOK_EVERY_MS = 1_000;

    private final Function<SaleRow, Future<AuditTerms>> audit;
    private final Supplier<SaleCatalog> catalog;
    private final int everyMs;
    private final MultiGauge oversold;
    private final MultiGauge lost;
    private final MultiGauge difference;
    private final Timer balanced;
    private final Timer unbalanced;
    private final Timer failed;
    // The last count of each sale.
    private final Map<String, AuditTerms> counts = new HashMap<>();
    private long lastNanos = System.nanoTime();
    private boolean allAudited;

    /**
     * @param audit counts one sale
     * @param everyMs rest between two rounds, at least
     */
    public AuditWatch(
            Function<SaleRow, Future<AuditTerms>> audit,
            Supplier<SaleCatalog> catalog,
            int everyMs,
            MeterRegistry registry) {
        this.audit = audit;
        this.catalog = catalog;
        this.everyMs = everyMs;
        this.oversold = perSale(registry, "oversold", "Units in active orders beyond the stock, at the last audit");
        this.lost = perSale(registry, "lost", "Units accepted and nowhere to be found, at the last audit");
        this.difference =
                perSale(registry, "difference", "Stock less every unit that the last audit found; 0 if it balances");
        this.balanced = timer(registry, "balanced");
        this.unbalanced = timer(registry, "unbalanced");
        this.failed = timer(registry, "failed");
        Gauge.builder("seckill.audit.age", this, AuditWatch::ageSeconds)
                .description("Since the end of the last round in which no audit failed, or since the start")
                .baseUnit("seconds")
                .register(registry);
        publish();
    }

    private static MultiGauge perSale(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder("seckill.audit." + name + ".units")
                .description(description)
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String outcome) {
        return Timer.builder("seckill.audit.time")
                .description("Audits by outcome; failed where a server could not be asked, or the sale was recovering")
                .tag("outcome", outcome)
                .register(registry);
    }

    public AuditWatch start(Vertx vertx) {
        rest(vertx, everyMs);
        return this;
    }

    private void rest(Vertx vertx, long ms) {
        vertx.setTimer(ms, id -> afterRush(vertx, MOST_PUT_OFF_MS));
    }

    /** Begins a round once a second went by without a rush, or when it has waited for long enough. */
    private void afterRush(Vertx vertx, int patienceMs) {
        long before = sold();
        vertx.setTimer(LOOK_EVERY_MS, id -> {
            if (sold() - before >= RUSH_UNITS && patienceMs > 0) {
                afterRush(vertx, patienceMs - LOOK_EVERY_MS);
            } else {
                round(vertx);
            }
        });
    }

    private long sold() {
        return catalog.get().sales().values().stream()
                .map(SaleView::status)
                .filter(Objects::nonNull)
                .mapToLong(SaleStatus::taken)
                .sum();
    }

    private double ageSeconds() {
        return (System.nanoTime() - lastNanos) / 1e9;
    }

    private void round(Vertx vertx) {
        Map<String, SaleView> all = catalog.get().sales();
        counts.keySet().retainAll(all.keySet());
        ArrayDeque<SaleView> sales = new ArrayDeque<>();
        all.values().stream()
                .filter(sale -> sale.status() != null && sale.status().seq() > 0)
                .sorted(Comparator.comparing(SaleView::saleId))
                .forEach(sales::add);
        long began = System.nanoTime();
        allAudited = true;
        next(sales).onComplete(done -> {
            long now = System.nanoTime();
            lastNanos = allAudited ? now : lastNanos;
            publish();
            long restMs = REST_PER_WORK * TimeUnit.NANOSECONDS.toMillis(now - began);
            rest(vertx, Math.max(everyMs, Math.min(restMs, MOST_REST_MS)));
        });
    }

    private Future<Void> next(ArrayDeque<SaleView> sales) {
        SaleView sale = sales.poll();
        if (sale == null) {
            return Future.succeededFuture();
        }
        long began = System.nanoTime();
        return audit.apply(sale.row())
                .onSuccess(terms -> note(sale.saleId(), terms, began))
                .onFailure(e -> {
                    allAudited = false;
                    failed.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
                    LOG.atDebug().addKeyValue("saleId", sale.saleId()).log("no audit: {}", e.getMessage());
                })
                .transform(done -> next(sales));
    }

    private void note(String saleId, AuditTerms terms, long began) {
        (terms.isBalanced() ? balanced : unbalanced).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        counts.put(saleId, terms);
        if (!terms.isBalanced() || terms.oversold() > 0 || terms.lost() > 0) {
            LOG.atError().addKeyValue("saleId", saleId).log("ALARM: the audit does not balance: {}", terms.json());
        }
    }

    private void publish() {
        register(oversold, AuditTerms::oversold);
        register(lost, AuditTerms::lost);
        register(difference, AuditTerms::difference);
    }

    // The worst have names.
    private void register(MultiGauge gauge, ToLongFunction<AuditTerms> term) {
        List<Value> values = new ArrayList<>();
        counts.forEach((saleId, terms) -> values.add(new Value(saleId, term.applyAsLong(terms))));
        values.sort(Comparator.comparingDouble((Value value) -> -Math.abs(value.value()))
                .thenComparing(Value::saleId));
        gauge.register(SaleRows.of(values), true);
    }
}
