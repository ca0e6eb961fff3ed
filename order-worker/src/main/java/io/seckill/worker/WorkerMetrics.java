package io.seckill.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.AsyncResult;
import java.util.concurrent.atomic.AtomicInteger;

/** The worker's meters, all under {@code seckill.worker}. Safe on any thread; one for all instances. */
final class WorkerMetrics {
    private final MeterRegistry registry;
    private final Counter stored;
    private final Counter duplicates;
    private final Counter messages;
    private final DistributionSummary rows;
    private final AtomicInteger unacked = new AtomicInteger();
    private final AtomicInteger gathered = new AtomicInteger();

    WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
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
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        Gauge.builder("seckill.worker.deliveries.unacked", unacked, AtomicInteger::get)
                .description("Deliveries held unacked")
                .register(registry);
        Gauge.builder("seckill.worker.deliveries.gathered", gathered, AtomicInteger::get)
                .description("Deliveries that wait for the next transaction")
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

    void deadLettered(String reason) {
        Counter.builder("seckill.worker.dead.letters")
                .description("Orders, or undecodable messages, that can never be stored")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    void recorded(int letters) {
        Counter.builder("seckill.worker.dead.letters.recorded")
                .description("Dead letters written to MySQL")
                .register(registry)
                .increment(letters);
    }

    /** Starts measuring one attempt of a transaction. */
    Transaction transaction(int rowCount) {
        return new Transaction(Timer.start(registry), rowCount);
    }

    /** One attempt of a transaction. */
    final class Transaction {
        private final Timer.Sample started;
        private final int rowCount;

        private Transaction(Timer.Sample started, int rowCount) {
            this.started = started;
            this.rowCount = rowCount;
        }

        void ended(AsyncResult<StoreOutcome> result) {
            String outcome;
            if (result.failed()) {
                outcome = MysqlFailure.of(result.cause()) == MysqlFailure.RETRY ? "retried" : "unavailable";
            } else if (result.result() instanceof StoreOutcome.Stored done) {
                outcome = "committed";
                stored.increment(done.fresh());
                duplicates.increment(done.duplicates());
                rows.record(rowCount);
            } else {
                outcome = "refused";
            }
            Counter.builder("seckill.worker.transactions")
                    .description("Attempts of a transaction")
                    .tag("outcome", outcome)
                    .register(registry)
                    .increment();
            started.stop(Timer.builder("seckill.worker.transaction")
                    .description("Time of one attempt of a transaction")
                    .tag("outcome", outcome)
                    .publishPercentiles(0.5, 0.99)
                    .register(registry));
        }
    }
}
