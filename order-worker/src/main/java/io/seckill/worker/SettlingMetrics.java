package io.seckill.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.seckill.schema.order.EndedOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of what comes after an order was stored: expiry, restock, events. Safe on any thread; one for a process. */
final class SettlingMetrics {
    private final Counter expired;
    private final Counter swept;
    private final Timer expiryLag;
    private final Counter restocked;
    private final Counter neverAccepted;
    private final Counter published;
    private final Counter delayFailed;
    private final AtomicLong restockOpen = new AtomicLong();
    private final AtomicLong eventsWaiting = new AtomicLong();

    SettlingMetrics(MeterRegistry registry) {
        expired = Counter.builder("seckill.worker.orders.expired")
                .description("Orders that this process expired")
                .register(registry);
        swept = Counter.builder("seckill.worker.orders.swept")
                .description("Of these, how many the broker had not reminded of in time")
                .register(registry);
        expiryLag = Timer.builder("seckill.worker.expiry.lag")
                .description("From the end of the payment window to the order's expiry, by MySQL's clock")
                .serviceLevelObjectives(
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(60))
                .register(registry);
        restocked = Counter.builder("seckill.worker.restocks.applied")
                .description("Orders whose units this process gave back to Redis")
                .register(registry);
        neverAccepted = Counter.builder("seckill.worker.restocks.never.accepted")
                .description("Looks at orders to be given back that Redis never accepted: a defect somewhere")
                .register(registry);
        published = Counter.builder("seckill.worker.events.published")
                .description("Event messages confirmed by RabbitMQ")
                .register(registry);
        delayFailed = Counter.builder("seckill.worker.delays.failed")
                .description("Messages for the end of a payment window that were not confirmed; the sweep sees to them")
                .register(registry);
        Gauge.builder("seckill.worker.restocks.open", restockOpen, AtomicLong::get)
                .description("Orders to be given back to Redis at the last look, at most one round's worth")
                .register(registry);
        Gauge.builder("seckill.worker.events.waiting", eventsWaiting, AtomicLong::get)
                .description("Events in the outbox at the last look, at most one round's worth")
                .register(registry);
    }

    void expired(List<EndedOrder> orders, boolean bySweep) {
        expired.increment(orders.size());
        if (bySweep) {
            swept.increment(orders.size());
        }
        orders.forEach(order -> expiryLag.record(Duration.between(order.payBy(), order.at())));
    }

    void restockOpen(int orders) {
        restockOpen.set(orders);
    }

    void restocked(int orders) {
        restocked.increment(orders);
    }

    void neverAccepted(int orders) {
        neverAccepted.increment(orders);
    }

    void eventsWaiting(int events) {
        eventsWaiting.set(events);
    }

    void published(int messages) {
        published.increment(messages);
    }

    void delayFailed() {
        delayFailed.increment();
    }
}
