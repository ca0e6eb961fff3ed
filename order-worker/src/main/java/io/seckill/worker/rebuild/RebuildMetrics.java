package io.seckill.worker.rebuild;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What a worker's rebuilds look like from outside. Safe on any thread. */
public final class RebuildMetrics {
    private final AtomicInteger underWay = new AtomicInteger();
    private final Timer rebuilt;
    private final Counter failed;

    public RebuildMetrics(MeterRegistry registry) {
        Gauge.builder("seckill.worker.rebuilds.active", underWay, AtomicInteger::get)
                .description("Sales that this process is rebuilding")
                .register(registry);
        rebuilt = Timer.builder("seckill.worker.rebuilds")
                .description("Sales brought back after Redis lost them")
                .register(registry);
        failed = Counter.builder("seckill.worker.rebuilds.failed")
                .description("Tries that have to begin anew")
                .register(registry);
    }

    void underWay(int sales) {
        underWay.set(sales);
    }

    void rebuilt(long nanos) {
        rebuilt.record(nanos, TimeUnit.NANOSECONDS);
    }

    void failed() {
        failed.increment();
    }
}
