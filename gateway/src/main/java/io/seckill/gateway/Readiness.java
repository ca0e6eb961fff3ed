package io.seckill.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whether this gateway can sell now, and if not, what is missing. Ready is not live: a server that is away makes the
 * gateway unready, and never makes it restart. Each part is set by its own event loop and read by the management one.
 */
final class Readiness {
    /** One thing that one event loop needs. */
    static final class Part {
        private final String name;
        private volatile boolean ready;

        private Part(String name) {
            this.name = name;
        }

        void set(boolean isReady) {
            ready = isReady;
        }
    }

    static final String HTTP = "http";
    static final String REDIS = "redis";
    static final String RABBITMQ = "rabbitmq";
    static final String MYSQL = "mysql";
    static final String SCHEMA = "mysql schema";
    static final String IDENTITY = "identity provider";
    private static final List<String> COMPONENTS = List.of(HTTP, REDIS, RABBITMQ, MYSQL, SCHEMA, IDENTITY);

    private final List<Part> parts = new CopyOnWriteArrayList<>();
    private volatile boolean draining;

    /** Registers something that must be there, one of the above; not ready until told so. */
    Part part(String name) {
        Part part = new Part(name);
        parts.add(part);
        return part;
    }

    /** Shows all of it in the metrics. */
    void bindTo(MeterRegistry registry) {
        Gauge.builder("seckill.gateway.ready", this, all -> all.isReady() ? 1 : 0)
                .description("1 while this gateway is ready")
                .register(registry);
        for (String component : COMPONENTS) {
            Gauge.builder("seckill.gateway.component.ready", this, all -> all.isReady(component) ? 1 : 0)
                    .description("1 while this gateway has what it needs of it, on all of its event loops")
                    .tag("component", component)
                    .register(registry);
        }
    }

    private boolean isReady(String component) {
        return parts.stream().allMatch(part -> part.ready || !part.name.equals(component));
    }

    /** From now on not ready, whatever is there: no new shoppers are wanted. */
    void drain() {
        draining = true;
    }

    boolean isReady() {
        return !draining && !parts.isEmpty() && parts.stream().allMatch(part -> part.ready);
    }

    JsonObject json() {
        JsonArray missing = new JsonArray();
        parts.stream()
                .filter(part -> !part.ready)
                .map(part -> part.name)
                .distinct()
                .forEach(missing::add);
        if (draining) {
            missing.add("draining");
        }
        return new JsonObject().put("ready", isReady()).put("missing", missing);
    }
}
