package io.seckill.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.seckill.gateway.purchase.OrderPublisher;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.message.Lot;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second half of the outbox: publishes again what was accepted, by whichever gateway, and never seen confirmed. Each
 * overdue lot is leased to one relay at a time; if that dies, the lease ends and another takes over. Sending a lot twice
 * is harmless, since its order ids are the same. One per process.
 */
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final int EVERY_MS = 500;
    private static final int MAX_LOTS_A_ROUND = 64;

    private final SeckillFunctions functions;
    private final OrderPublisher publisher;
    private final Supplier<SaleCatalog> catalog;
    private final int leaseMs;
    private final Counter relayed;
    private boolean busy;

    Relay(
            SeckillFunctions functions,
            OrderPublisher publisher,
            Supplier<SaleCatalog> catalog,
            int leaseMs,
            MeterRegistry registry) {
        this.functions = functions;
        this.publisher = publisher;
        this.catalog = catalog;
        this.leaseMs = leaseMs;
        this.relayed = Counter.builder("seckill.gateway.lots.relayed")
                .description("Overdue lots that this process took over to send them again")
                .register(registry);
    }

    Relay start(Vertx vertx) {
        vertx.setPeriodic(EVERY_MS, id -> round());
        return this;
    }

    private void round() {
        if (busy || !publisher.isReady()) {
            return;
        }
        busy = true;
        List<Future<?>> sales = new ArrayList<>();
        for (SaleView sale : catalog.get().sales().values()) {
            if (sale.status() != null && sale.status().overdue() > 0) {
                sales.add(relay(sale));
            }
        }
        Future.join(sales).onComplete(done -> busy = false);
    }

    private Future<?> relay(SaleView sale) {
        return functions
                .claim(sale.keys(), leaseMs, MAX_LOTS_A_ROUND)
                .compose(lots -> publishAll(sale, lots))
                .onFailure(
                        e -> LOG.atWarn().addKeyValue("saleId", sale.saleId()).log("relay: {}", e.getMessage()));
    }

    private Future<?> publishAll(SaleView sale, List<Lot> lots) {
        if (!lots.isEmpty()) {
            CrashPoint.RELAY_CLAIMED.reach();
        }
        List<Future<?>> trims = new ArrayList<>();
        long claimed = System.nanoTime();
        for (Lot lot : lots) {
            trims.add(publisher.publish(lot, List.of(), claimed).compose(v -> trim(sale, lot)));
        }
        if (!lots.isEmpty()) {
            relayed.increment(lots.size());
            LOG.atInfo()
                    .addKeyValue("saleId", sale.saleId())
                    .addKeyValue("lots", lots.size())
                    .log("relay");
        }
        return Future.join(trims);
    }

    private Future<Void> trim(SaleView sale, Lot lot) {
        CrashPoint.RELAY_PUBLISHED.reach();
        return functions.trim(sale.keys(), List.of(lot.id()));
    }
}
