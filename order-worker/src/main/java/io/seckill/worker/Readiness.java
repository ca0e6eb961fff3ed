package io.seckill.worker;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What this process needs and has. Each connection reports here; the management listener reads. Safe on any thread. */
final class Readiness {
    static final String RABBITMQ = "rabbitmq";
    static final String MYSQL = "mysql";

    private record Key(String component, String part) {}

    private static final String UP = "";

    private final Map<Key, String> parts = new ConcurrentHashMap<>();
    private volatile boolean deployed;
    private volatile boolean draining;

    /** One connection's line. It counts as down until it says otherwise. */
    Part part(String component, String name) {
        Key key = new Key(component, name);
        parts.put(key, "not connected yet");
        return new Part(key);
    }

    void deployed() {
        deployed = true;
    }

    void draining() {
        draining = true;
    }

    boolean isReady() {
        return deployed && !draining && parts.values().stream().allMatch(UP::equals);
    }

    /** {@code {"ready":…,"draining":…,"rabbitmq":{"ready":…,"missing":[…]},"mysql":{…}}} */
    JsonObject json() {
        JsonObject json = new JsonObject().put("ready", isReady()).put("draining", draining);
        for (String component : new String[] {RABBITMQ, MYSQL}) {
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

    final class Part {
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
