package io.seckill.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** The worker's meters, all under {@code seckill.worker}. Safe on any thread; one for all instances. */
final class WorkerMetrics {
    private final MeterRegistry registry;
    private final DatabaseClock clock;
    private final Counter stored;
    private final Counter duplicates;
    private final Counter messages;
    private final DistributionSummary rows;
    private final Counter recorded;
    private final Timer lag;
    private final Attempts committed;
    private final Attempts refused;
    private final Attempts retried;
    private final Attempts unavailable;
    private final Map<String, Counter> deadLetters = new ConcurrentHashMap<>();
    private final AtomicInteger unacked = new AtomicInteger();
    private final AtomicInteger gathered = new AtomicInteger();

    /** @param clock for how old an order is */
    WorkerMetrics(MeterRegistry registry, DatabaseClock clock) {
        this.registry = registry;
        this.clock = clock;
        stored = Counter.builder("seckill.worker.orders.stored")
                .description("Orders written by this process")
                .register(registry);
        duplicates = Counter.builder("seckill.worker.orders.duplicates")
                .description("Orders that were in MySQL already, absorbed")
                .register(registry);
        messages = Counter.builder("seckill.worker.messages.settled")
                .description("Deliveries acked")
                .register(registry);
        rows = DistributionSummary.builder("seckill.worker.transaction.rows")
                .description("Rows of one transaction")
                .serviceLevelObjectives(1, 4, 16, 64, 256, 1_024)
                .register(registry);
        recorded = Counter.builder("seckill.worker.dead.letters.recorded")
                .description("Dead letters written to MySQL")
                .register(registry);
        lag = Timer.builder("seckill.worker.lag")
                .description(
                        "From the acceptance of a transaction's oldest order to its commit, where any of it was new")
                .serviceLevelObjectives(millis(15, 50, 250, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000))
                .register(registry);
        committed = new Attempts("committed", registry);
        refused = new Attempts("refused", registry);
        retried = new Attempts("retried", registry);
        unavailable = new Attempts("unavailable", registry);
        Refusal.REASONS.forEach(reason -> deadLetters.put(reason, deadLetters(reason)));
        Gauge.builder("seckill.worker.deliveries.unacked", unacked, AtomicInteger::get)
                .description("Deliveries held unacked")
                .register(registry);
        Gauge.builder("seckill.worker.deliveries.gathered", gathered, AtomicInteger::get)
                .description("Deliveries that wait for the next transaction")
                .register(registry);
    }

    private static Duration[] millis(long... bounds) {
        return LongStream.of(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    /** @param deliveries that RabbitMQ sends ahead of their acks at most */
    void limit(int deliveries) {
        Gauge.builder("seckill.worker.deliveries.limit", () -> deliveries)
                .description("Most deliveries held unacked, of all consumers of this process")
                .register(registry);
    }

    void delivered() {
        unacked.incrementAndGet();
    }

    /** Deliveries that this process no longer holds; {@code acked} of them by an ack. */
    void released(int deliveries, boolean acked) {
        unacked.addAndGet(-deliveries);
        if (acked) {
            messages.increment(deliveries);
        }
    }

    void gathered(int change) {
        gathered.addAndGet(change);
    }

    /** @param reason one of {@link Refusal}'s, so that the number of series is bounded */
    void deadLettered(String reason) {
        deadLetters.computeIfAbsent(reason, this::deadLetters).increment();
    }

    private Counter deadLetters(String reason) {
        return Counter.builder("seckill.worker.dead.letters")
                .description("Orders, or undecodable messages, that can never be stored")
                .tag("reason", reason)
                .register(registry);
    }

    void recorded(int letters) {
        recorded.increment(letters);
    }

    /** Starts measuring one attempt of a transaction. */
    Transaction transaction(List<OrderRow> orders) {
        return new Transaction(orders);
    }

    /** One attempt of a transaction. */
    final class Transaction {
        private final long began = System.nanoTime();
        private final List<OrderRow> orders;

        private Transaction(List<OrderRow> orders) {
            this.orders = orders;
        }

        void ended(AsyncResult<StoreOutcome> result) {
            Attempts attempts;
            if (result.failed()) {
                attempts = MysqlFailure.of(result.cause()) == MysqlFailure.RETRY ? retried : unavailable;
            } else if (result.result() instanceof StoreOutcome.Stored done) {
                attempts = committed;
                stored.increment(done.fresh());
                duplicates.increment(done.duplicates());
                rows.record(orders.size());
                if (done.fresh() > 0) {
                    lag.record(Math.max(0, clock.nowMs() - oldestMs()), TimeUnit.MILLISECONDS);
                }
            } else {
                attempts = refused;
            }
            attempts.ended(System.nanoTime() - began);
        }

        private long oldestMs() {
            return orders.stream()
                    .mapToLong(order -> order.lot().createdAtMs())
                    .min()
                    .orElseThrow();
        }
    }

    /** Attempts of transactions that ended in one way. */
    private static final class Attempts {
        private final Counter count;
        private final Timer time;

        Attempts(String outcome, MeterRegistry registry) {
            count = Counter.builder("seckill.worker.transactions")
                    .description("Attempts of a transaction")
                    .tag("outcome", outcome)
                    .register(registry);
            time = Timer.builder("seckill.worker.transaction")
                    .description("Time of one attempt of a transaction")
                    .tag("outcome", outcome)
                    .serviceLevelObjectives(millis(5, 15, 50, 250, 1_000, 5_000))
                    .register(registry);
        }

        void ended(long nanos) {
            count.increment();
            time.record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
