package io.seckill.gateway.process;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The whole system at a glance: every process as last heard, and what all gateways see alike. */
public final class SystemApi {
    private final String instance;
    private final ProcessBoard board;
    private final MeterRegistry registry;

    /** @param registry where the gauges are that are told besides */
    public SystemApi(String instance, ProcessBoard board, MeterRegistry registry) {
        this.instance = instance;
        this.board = board;
        this.registry = registry;
    }

    /** On a router that let only operators through. */
    public void mount(Router router) {
        router.get("/admin/v1/system").handler(this::system);
    }

    private void system(RoutingContext context) {
        context.json(new JsonObject()
                .put("instance", instance)
                .put("listening", board.isListening())
                .put("processes", board.json())
                .put("queues", gauges("seckill.queue.messages", "queue", "orders", "unrouted", "dead"))
                .put("outbox", outbox())
                .put("deadLetters", gauges("seckill.dead.letters.open", "replayable", "true", "false")));
    }

    private JsonObject outbox() {
        return new JsonObject()
                .put("lots", value(registry.find("seckill.outbox.lots").gauge()))
                .put(
                        "overdue",
                        value(registry.find("seckill.outbox.overdue.lots").gauge()))
                .put(
                        "oldestAgeSeconds",
                        value(registry.find("seckill.outbox.oldest.age").gauge()));
    }

    private JsonObject gauges(String name, String tag, String... values) {
        JsonObject json = new JsonObject();
        for (String each : values) {
            json.put(each, value(registry.find(name).tag(tag, each).gauge()));
        }
        return json;
    }

    // What cannot be asked at present is null, never 0.
    private static Double value(Gauge gauge) {
        return gauge == null || Double.isNaN(gauge.value()) ? null : gauge.value();
    }
}
