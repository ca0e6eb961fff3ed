package io.seckill.schema.process;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one gateway or worker says of itself, once a second, to whoever listens; docs/messages/heartbeats.md describes it.
 * {@link HeartbeatSender} sends it.
 *
 * @param role {@code gateway} or {@code worker}
 * @param instance the configured name; several processes may have borne it, one after the other
 * @param id of this one run of the process
 * @param uptimeMs by the process's own monotonic clock: differences of counts are over differences of this
 * @param missing what it lacks to be ready
 * @param leaving its last one: it ends in order
 * @param counts by name, growing from 0 as long as the process lives
 * @param latency of what it accepted: answers of at most so many seconds, growing likewise
 */
public record Heartbeat(
        String role,
        String instance,
        String id,
        long uptimeMs,
        boolean ready,
        List<String> missing,
        boolean leaving,
        Map<String, Long> counts,
        List<Bucket> latency) {
    /** The Redis channel. */
    public static final String CHANNEL = "seckill:processes";

    public static final String GATEWAY = "gateway";
    public static final String WORKER = "worker";

    private static final int MAX_CHARS = 8_192;

    /** @param seconds upper bound, inclusive; infinite in the last bucket */
    public record Bucket(double seconds, long count) {}

    public Heartbeat {
        missing = List.copyOf(missing);
        counts = Map.copyOf(counts);
        latency = List.copyOf(latency);
    }

    /** The same process, about to end. */
    public Heartbeat last() {
        return new Heartbeat(role, instance, id, uptimeMs, false, missing, true, counts, latency);
    }

    public JsonObject json() {
        JsonArray buckets = new JsonArray();
        // JSON has no infinity: the last bucket has no bound.
        latency.forEach(bucket -> buckets.add(new JsonArray()
                .add(Double.isInfinite(bucket.seconds) ? null : bucket.seconds)
                .add(bucket.count)));
        return new JsonObject()
                .put("role", role)
                .put("instance", instance)
                .put("id", id)
                .put("uptimeMs", uptimeMs)
                .put("ready", ready)
                .put("missing", new JsonArray(missing))
                .put("leaving", leaving)
                .put("counts", new JsonObject(new TreeMap<>(counts)))
                .put("latency", buckets);
    }

    /** Empty if it is none of ours: other versions may say what we do not understand. */
    public static Optional<Heartbeat> read(String message) {
        if (message.length() > MAX_CHARS) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(new JsonObject(message)));
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static Heartbeat of(JsonObject json) {
        List<String> missing = new ArrayList<>();
        json.getJsonArray("missing").forEach(name -> missing.add((String) name));
        Map<String, Long> counts = new TreeMap<>();
        json.getJsonObject("counts")
                .forEach(count -> counts.put(count.getKey(), ((Number) count.getValue()).longValue()));
        List<Bucket> latency = new ArrayList<>();
        for (Object each : json.getJsonArray("latency")) {
            JsonArray bucket = (JsonArray) each;
            Double bound = bucket.getDouble(0);
            latency.add(new Bucket(bound == null ? Double.POSITIVE_INFINITY : bound, bucket.getLong(1)));
        }
        return new Heartbeat(
                text(json, "role"),
                text(json, "instance"),
                text(json, "id"),
                json.getLong("uptimeMs"),
                json.getBoolean("ready"),
                missing,
                json.getBoolean("leaving"),
                counts,
                latency);
    }

    private static String text(JsonObject json, String name) {
        return Objects.requireNonNull(json.getString(name), name);
    }
}
