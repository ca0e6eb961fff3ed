package io.seckill.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.seckill.schema.process.Heartbeat;
import io.seckill.schema.process.HeartbeatSender;
import io.seckill.schema.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Tells the operators' console that this worker is there, how it is, and what it stored. One per process. */
final class WorkerHeartbeat extends VerticleBase {
    private static final int REDIS_TIMEOUT_MS = 2_000;

    private final WorkerConfig config;
    private final Readiness readiness;
    private final MeterRegistry registry;
    private final String id = UUID.randomUUID().toString();
    private final long startedNanos = System.nanoTime();

    private RedisLink redis;
    private HeartbeatSender sender;

    WorkerHeartbeat(WorkerConfig config, Readiness readiness, MeterRegistry registry) {
        this.config = config;
        this.readiness = readiness;
        this.registry = registry;
    }

    /** Starts connecting; succeeds at once. */
    @Override
    public Future<?> start() {
        redis = new RedisLink(
                        vertx,
                        config.servers().redis(),
                        config.instance() + " heartbeat",
                        REDIS_TIMEOUT_MS,
                        connection -> Future.succeededFuture())
                .open();
        sender = new HeartbeatSender(redis, this::now).start(vertx);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return sender.leave().eventually(redis::close);
    }

    private Heartbeat now() {
        return new Heartbeat(
                Heartbeat.WORKER,
                config.instance(),
                id,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos),
                readiness.isReady(),
                readiness.missing(),
                false,
                Map.of(
                        "stored", count("seckill.worker.orders.stored"),
                        "expired", count("seckill.worker.orders.expired")),
                List.of());
    }

    private long count(String counter) {
        return (long) registry.find(counter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
