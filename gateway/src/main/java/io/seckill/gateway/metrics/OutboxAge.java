package io.seckill.gateway.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.message.Lot;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the oldest accepted order has waited for RabbitMQ's confirm, of all sales. Asks Redis now and then, and only for
 * sales that have something in their outbox. What was found goes on ageing while Redis cannot be asked. One per process.
 */
public final class OutboxAge {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxAge.class);
    private static final int EVERY_MS = 2_000;

    private final SeckillFunctions functions;
    private final Supplier<SaleCatalog> catalog;
    private long oldestMs = Long.MAX_VALUE;
    private boolean busy;

    public OutboxAge(SeckillFunctions functions, Supplier<SaleCatalog> catalog, MeterRegistry registry) {
        this.functions = functions;
        this.catalog = catalog;
        Gauge.builder("seckill.outbox.oldest.age", this, OutboxAge::seconds)
                .description("How long the oldest accepted order has waited for RabbitMQ's confirm, 0 if none waits")
                .baseUnit("seconds")
                .register(registry);
    }

    public OutboxAge start(Vertx vertx) {
        vertx.setPeriodic(EVERY_MS, id -> look());
        return this;
    }

    private double seconds() {
        return oldestMs == Long.MAX_VALUE ? 0 : Math.max(0, catalog.get().nowMs() - oldestMs) / 1_000.0;
    }

    private void look() {
        if (busy) {
            return;
        }
        List<Future<Long>> oldest = catalog.get().sales().values().stream()
                .filter(sale -> sale.status() != null && sale.status().unconfirmed() > 0)
                .map(this::oldest)
                .toList();
        busy = true;
        Future.all(oldest)
                .onSuccess(all -> oldestMs =
                        oldest.stream().mapToLong(Future::result).min().orElse(Long.MAX_VALUE))
                .onFailure(e -> LOG.debug("the outbox is not looked at: {}", e.getMessage()))
                .onComplete(done -> busy = false);
    }

    private Future<Long> oldest(SaleView sale) {
        return functions.oldest(sale.keys()).map(lot -> lot.map(Lot::createdAtMs)
                .orElse(Long.MAX_VALUE));
    }
}
