package io.seckill.gateway.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import java.time.Duration;

/**
 * How long a statement or a transaction waits for one of the few connections to MySQL. The client says so to nobody but
 * Vert.x's own metrics; of these it is all that is asked for. Safe on any thread.
 */
public final class PoolWait implements VertxMetricsFactory {
    private static final String SQL = "sql";

    private final MeterRegistry registry;

    public PoolWait(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public VertxMetrics metrics(VertxOptions options) {
        return new VertxMetrics() {
            @Override
            public PoolMetrics<?, ?> createPoolMetrics(String type, String pool, int maxSize) {
                return type.equals(SQL) ? new Waits(timer(pool)) : null;
            }
        };
    }

    private Timer timer(String pool) {
        return Timer.builder("seckill.gateway.mysql.wait")
                .description("From asking for a connection to MySQL to having one")
                .tag("pool", pool)
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofMillis(2_000))
                .register(registry);
    }

    private record Waits(Timer timer) implements PoolMetrics<Timer.Sample, Void> {
        @Override
        public Timer.Sample enqueue() {
            return Timer.start();
        }

        @Override
        public void dequeue(Timer.Sample asked) {
            asked.stop(timer);
        }
    }
}
