package io.seckill.gateway.purchase;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.seckill.gateway.http.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Counts what became of purchases: accepted, told again and refused are never added up. One instance per event loop. */
public final class PurchaseMetrics {
    private static final String PURCHASES = "seckill.gateway.purchases";
    // Each has its series from the beginning: one that appears with its first count shows no increase.
    private static final List<String> REFUSALS = List.of(
            Problem.INVALID_REQUEST.code(),
            Problem.UNAUTHENTICATED.code(),
            Problem.NOT_FOUND.code(),
            Problem.BODY_TOO_LARGE.code(),
            Problem.UNSUPPORTED_MEDIA_TYPE.code(),
            Problem.NOT_STARTED,
            Problem.SOLD_OUT.code(),
            Problem.SALE_ENDED.code(),
            Problem.SALE_PAUSED.code(),
            Problem.LIMIT_EXCEEDED.code(),
            Problem.ALREADY_PURCHASED,
            Problem.KEY_REUSED,
            Problem.OVERLOADED.code(),
            Problem.RECOVERING.code(),
            Problem.OUTCOME_UNKNOWN);

    // What a percentile is told from has to be finer than what only shows that something is slow.
    private static final long[] FINE_MS = {1, 2, 5, 10, 15, 25, 50, 100, 175, 250, 500, 1_000, 2_000};
    private static final long[] COARSE_MS = {1, 5, 15, 50, 250, 1_000};
    private static final double[] SIZES = {1, 4, 16, 64, 256};

    private final MeterRegistry registry;
    private final Counter accepted;
    private final Counter replayed;
    private final Map<String, Counter> refused = new HashMap<>();
    private final Timer acceptTime;
    private final Timer reserveTime;
    private final Timer confirmTime;
    private final DistributionSummary batchSize;
    private final DistributionSummary messageOrders;

    public PurchaseMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.accepted = counter("accepted");
        this.replayed = counter("replayed");
        this.acceptTime = timer("seckill.gateway.accept.time", "From a purchase's arrival to its 202", FINE_MS);
        this.reserveTime = timer("seckill.gateway.reserve.time", "One call of reserve", COARSE_MS);
        this.confirmTime = timer("seckill.gateway.confirm.time", "One publisher confirm", COARSE_MS);
        this.batchSize = DistributionSummary.builder("seckill.gateway.reserve.purchases")
                .description("Purchases in one call of reserve")
                .serviceLevelObjectives(SIZES)
                .register(registry);
        this.messageOrders = DistributionSummary.builder("seckill.gateway.message.orders")
                .description("Orders in one message that RabbitMQ confirmed")
                .serviceLevelObjectives(SIZES)
                .register(registry);
        REFUSALS.forEach(code -> refused.put(code, counter(code)));
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

    /** One confirm of RabbitMQ's, of a message with so many orders. */
    public void confirmed(int orders, long nanos) {
        messageOrders.record(orders);
        confirmTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Counter counter(String outcome) {
        return Counter.builder(PURCHASES)
                .description("Answers to purchases by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Timer timer(String name, String description, long[] bucketsMs) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(
                        LongStream.of(bucketsMs).mapToObj(Duration::ofMillis).toArray(Duration[]::new))
                .register(registry);
    }
}
