package io.seckill.worker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What this process needs and has. Each connection reports here; the management listener reads. Safe on any thread. */
public final class Readiness {
    public static final String RABBITMQ = "rabbitmq";
    public static final String MYSQL = "mysql";
    public static final String REDIS = "redis";

    private static final List<String> COMPONENTS = List.of(RABBITMQ, MYSQL, REDIS);

    private record Key(String component, String part) {}

    private static final String UP = "";

    private final Map<Key, String> parts = new ConcurrentHashMap<>();
    private final Set<Key> optional = ConcurrentHashMap.newKeySet();
    private volatile boolean deployed;
    private volatile boolean draining;

    /** One connection's line. It counts as down until it says otherwise. */
    public Part part(String component, String name) {
        Key key = new Key(component, name);
        parts.put(key, "not connected yet");
        return new Part(key);
    }

    /** A line that is shown, but without which the worker still does its main work. */
    Part optional(String component, String name) {
        optional.add(new Key(component, name));
        return part(component, name);
    }

    void deployed() {
        deployed = true;
    }

    void draining() {
        draining = true;
    }

    /** Shows all of it in the metrics. */
    void bindTo(MeterRegistry registry) {
        Gauge.builder("seckill.worker.ready", this, all -> all.isReady() ? 1 : 0)
                .description("1 while this worker is ready")
                .register(registry);
        for (String component : COMPONENTS) {
            Gauge.builder("seckill.worker.component.ready", this, all -> all.isReady(component) ? 1 : 0)
                    .description("1 while all connections to it are up")
                    .tag("component", component)
                    .register(registry);
        }
    }

    private boolean isReady(String component) {
        return parts.entrySet().stream()
                .allMatch(part -> !part.getKey().component.equals(component)
                        || part.getValue().equals(UP));
    }

    boolean isReady() {
        return deployed
                && !draining
                && parts.entrySet().stream()
                        .allMatch(part -> part.getValue().equals(UP) || optional.contains(part.getKey()));
    }

    /** The servers to which a connection is missing, and whether this is about to end. */
    List<String> missing() {
        Stream<String> down = COMPONENTS.stream().filter(component -> !isReady(component));
        return Stream.concat(down, draining ? Stream.of("draining") : Stream.empty())
                .toList();
    }

    /** {@code {"ready":…,"draining":…,"rabbitmq":{"ready":…,"missing":[…]},"mysql":{…},"redis":{…}}} */
    JsonObject json() {
        JsonObject json = new JsonObject().put("ready", isReady()).put("draining", draining);
        for (String component : COMPONENTS) {
            JsonArray missing = new JsonArray();
            Map<String, String> sorted = new TreeMap<>();
            parts.forEach((key, state) -> {
                if (key.component.equals(component) && !state.equals(UP)) {
                    sorted.put(key.part, state);
                }
            });
            sorted.forEach((part, state) -> missing.add(part + ": " + state));
            json.put(component, new JsonObject().put("ready", missing.isEmpty()).put("missing", missing));
        }
        return json;
    }

    /** One connection's line. */
    public final class Part {
        private final Key key;

        private Part(Key key) {
            this.key = key;
        }

        void up() {
            parts.put(key, UP);
        }

        void down(String why) {
            parts.put(key, why.isEmpty() ? "down" : why);
        }
    }
}
