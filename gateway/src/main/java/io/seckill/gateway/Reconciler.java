package io.seckill.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.seckill.gateway.purchase.OrderPublisher;
import io.seckill.gateway.sale.AcceptedUnits;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last resort behind the outbox: orders that RabbitMQ confirmed and then lost, say because somebody deleted the queue.
 * Redis knows every buyer of a sale. Where its units stay unaccounted for, this looks for buyers whose order is in no table
 * and no outbox, while no message is waiting anywhere, and publishes these orders again; what was only slow is absorbed by
 * its id. One per process.
 */
final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int EVERY_MS = 2_000;
    private static final int PAGE = 500;

    private final SeckillFunctions functions;
    private final AcceptedUnits ledger;
    private final OrderPublisher publisher;
    private final Supplier<Future<Integer>> queued;
    private final Supplier<SaleCatalog> catalog;
    private final Counter putOff;
    private final Counter searched;
    private final Counter republished;
    private final int missingAfterMs;
    private final GapWatch gaps;
    private boolean busy;

    /** @param queued asks how many messages are in the queues in which an order may be on its way */
    Reconciler(
            SeckillFunctions functions,
            AcceptedUnits ledger,
            OrderPublisher publisher,
            Supplier<Future<Integer>> queued,
            Supplier<SaleCatalog> catalog,
            int missingAfterMs,
            MeterRegistry registry) {
        this.functions = functions;
        this.ledger = ledger;
        this.publisher = publisher;
        this.queued = queued;
        this.catalog = catalog;
        this.missingAfterMs = missingAfterMs;
        this.gaps = new GapWatch(missingAfterMs);
        this.putOff = searches(registry, "put_off");
        this.searched = searches(registry, "done");
        this.republished = Counter.builder("seckill.gateway.orders.republished")
                .description(
                        "Accepted orders that were nowhere and were sent to RabbitMQ again; above 0 it lost messages")
                .register(registry);
    }

    private static Counter searches(MeterRegistry registry, String outcome) {
        return Counter.builder("seckill.gateway.reconciliations")
                .description(
                        "Searches through a sale's buyers for orders that are nowhere; put off while messages wait")
                .tag("outcome", outcome)
                .register(registry);
    }

    Reconciler start(Vertx vertx) {
        vertx.setPeriodic(EVERY_MS, id -> round());
        return this;
    }

    private void round() {
        if (busy || !publisher.isReady()) {
            return;
        }
        Map<String, SaleView> sales = new HashMap<>();
        for (SaleView sale : catalog.get().sales().values()) {
            if (sale.status() != null
                    && sale.status().armed()
                    && !sale.isRecovering()
                    && sale.status().remaining() < sale.status().stock()) {
                sales.put(sale.saleId(), sale);
            }
        }
        gaps.keepOnly(sales.keySet());
        if (sales.isEmpty()) {
            return;
        }
        busy = true;
        ledger.accountedFor(sales.keySet())
                .compose(units -> searchAll(suspects(sales, units)))
                .onFailure(e -> LOG.debug("not reconciled: {}", e.getMessage()))
                .onComplete(done -> busy = false);
    }

    private List<SaleView> suspects(Map<String, SaleView> sales, Map<String, Long> accountedFor) {
        List<SaleView> suspects = new ArrayList<>();
        sales.forEach((saleId, sale) -> {
            if (gaps.observe(saleId, sale.status().taken() - accountedFor.getOrDefault(saleId, 0L), nowMs())) {
                suspects.add(sale);
            }
        });
        return suspects;
    }

    private Future<Void> searchAll(List<SaleView> suspects) {
        return suspects.isEmpty()
                ? Future.succeededFuture()
                : queued.get().compose(messages -> {
                    if (messages > 0) {
                        // What waits in a queue is not lost; the next look comes soon.
                        putOff.increment();
                        return Future.succeededFuture();
                    }
                    return next(suspects);
                });
    }

    private Future<Void> next(List<SaleView> suspects) {
        if (suspects.isEmpty()) {
            return Future.succeededFuture();
        }
        SaleView sale = suspects.get(0);
        return functions
                .outbox(sale.keys())
                .compose(outbox -> search(sale, Set.copyOf(outbox), "0", 0))
                .compose(found -> {
                    searched.increment();
                    gaps.searched(sale.saleId(), found > 0, nowMs());
                    return next(suspects.subList(1, suspects.size()));
                });
    }

    private Future<Integer> search(SaleView sale, Set<String> outbox, String cursor, int found) {
        return functions.scan(sale.keys(), cursor, PAGE).compose(page -> {
            Map<String, Lot> overdue = new HashMap<>();
            for (int i = 0; i < page.users().size(); i++) {
                BuyerEntry entry = page.entries().get(i);
                if (isOverdue(entry) && !outbox.contains(Lot.id(entry.epoch(), entry.seq()))) {
                    Lot alone = alone(sale, page.users().get(i), entry);
                    overdue.put(
                            OrderIds.of(sale.saleId(), page.users().get(i), entry.attempt())
                                    .toString(),
                            alone);
                }
            }
            return republish(sale, overdue)
                    .compose(count -> page.last()
                            ? Future.succeededFuture(found + count)
                            : search(sale, outbox, page.nextCursor(), found + count));
        });
    }

    private boolean isOverdue(BuyerEntry entry) {
        return entry.active() && catalog.get().nowMs() - entry.createdAtMs() > missingAfterMs;
    }

    private static Lot alone(SaleView sale, String user, BuyerEntry entry) {
        return new Lot(
                sale.saleId(),
                entry.epoch(),
                entry.seq(),
                entry.createdAtMs(),
                sale.row().paymentWindowSeconds(),
                List.of(new OrderLine(user, entry.quantity(), entry.attempt())));
    }

    private Future<Integer> republish(SaleView sale, Map<String, Lot> overdue) {
        return ledger.unknown(overdue.keySet()).compose(missing -> {
            if (missing.isEmpty()) {
                return Future.succeededFuture(0);
            }
            LOG.atError()
                    .addKeyValue("saleId", sale.saleId())
                    .addKeyValue("orders", missing.size())
                    .addKeyValue("orderId", missing.iterator().next())
                    .log("ALARM: RabbitMQ lost accepted orders; sending them again");
            return Future.join(missing.stream()
                            .map(id -> publisher.publishAgain(overdue.get(id)))
                            .collect(Collectors.toList()))
                    .map(done -> {
                        republished.increment(missing.size());
                        return missing.size();
                    });
        });
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
