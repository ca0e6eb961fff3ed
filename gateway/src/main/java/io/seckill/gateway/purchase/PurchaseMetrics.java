package io.seckill.gateway.purchase;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts what became of purchases: accepted, told again and refused are never added up. One instance per event loop. */
public final class PurchaseMetrics {
    private static final String PURCHASES = "seckill.gateway.purchases";

    private final MeterRegistry registry;
    private final Counter accepted;
    private final Counter replayed;
    private final Map<String, Counter> refused = new HashMap<>();
    private final Timer acceptTime;
    private final Timer reserveTime;
    private final Timer confirmTime;
    private final DistributionSummary batchSize;

    public PurchaseMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.accepted = counter("accepted");
        this.replayed = counter("replayed");
        this.acceptTime = timer("seckill.gateway.accept.time", "From a purchase's arrival to its 202");
        this.reserveTime = timer("seckill.gateway.reserve.time", "One call of reserve");
        this.confirmTime = timer("seckill.gateway.confirm.time", "One publisher confirm");
        this.batchSize = DistributionSummary.builder("seckill.gateway.reserve.purchases")
                .description("Purchases in one call of reserve")
                .register(registry);
    }

    void accepted(boolean again, long nanos) {
        (again ? replayed : accepted).increment();
        acceptTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** @param code one of the contract's, so that the number of series is bounded */
    void refused(String code) {
        refused.computeIfAbsent(code, this::counter).increment();
    }

    void reserveCall(int purchases, long nanos) {
        if (purchases > 0) {
            batchSize.record(purchases);
        }
        reserveTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** One confirm of RabbitMQ's. */
    public void confirm(long nanos) {
        confirmTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Counter counter(String outcome) {
        return Counter.builder(PURCHASES)
                .description("Answers to purchases by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(15),
                        Duration.ofMillis(50),
                        Duration.ofMillis(250),
                        Duration.ofMillis(1_000))
                .register(registry);
    }
}
