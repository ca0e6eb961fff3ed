package io.seckill.gateway.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.seckill.schema.process.Heartbeat;
import io.seckill.schema.process.Heartbeat.Bucket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What this gateway says of itself: read from its own metrics, so that the console and Prometheus tell the same. */
public final class GatewayHeartbeat implements Supplier<Heartbeat> {
    private static final String PURCHASES = "seckill.gateway.purchases";
    private static final String ACCEPT_TIME = "seckill.gateway.accept.time";

    private final String instance;
    private final MeterRegistry registry;
    private final Supplier<JsonObject> readiness;
    private final String id = UUID.randomUUID().toString();
    private final long startedNanos = System.nanoTime();

    /** @param readiness {@code {"ready":…,"missing":[…]}} */
    public GatewayHeartbeat(String instance, MeterRegistry registry, Supplier<JsonObject> readiness) {
        this.instance = instance;
        this.registry = registry;
        this.readiness = readiness;
    }

    @Override
    public Heartbeat get() {
        JsonObject state = readiness.get();
        JsonArray missing = state.getJsonArray("missing");
        return new Heartbeat(
                Heartbeat.GATEWAY,
                instance,
                id,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos),
                state.getBoolean("ready"),
                missing.stream().map(String::valueOf).toList(),
                false,
                purchases(),
                latency());
    }

    // Accepted, told again and refused are never added up.
    private Map<String, Long> purchases() {
        Map<String, Long> counts = new TreeMap<>(Map.of("accepted", 0L, "replayed", 0L, "refused", 0L));
        for (Counter counter : registry.find(PURCHASES).counters()) {
            String outcome = counter.getId().getTag("outcome");
            counts.merge(counts.containsKey(outcome) ? outcome : "refused", (long) counter.count(), Long::sum);
        }
        return counts;
    }

    private List<Bucket> latency() {
        Timer timer = registry.find(ACCEPT_TIME).timer();
        if (timer == null) {
            return List.of();
        }
        CountAtBucket[] buckets = timer.takeSnapshot().histogramCounts();
        return Stream.concat(
                        Stream.of(buckets)
                                .filter(bucket -> bucket.bucket(TimeUnit.DAYS) < 1)
                                .map(bucket -> new Bucket(bucket.bucket(TimeUnit.SECONDS), (long) bucket.count())),
                        Stream.of(new Bucket(Double.POSITIVE_INFINITY, timer.count())))
                .toList();
    }
}
