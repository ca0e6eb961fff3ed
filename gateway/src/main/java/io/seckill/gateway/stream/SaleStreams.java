package io.seckill.gateway.stream;

import io.seckill.gateway.http.Problem;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleView;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code GET /api/v1/sales/{saleId}/events}: each sale's changes, out of the catalog's snapshots, to everyone who watches.
 * An event is the whole sale and is encoded once for all, so the one on connect makes up for whatever a client missed.
 * {@link Fanout} says who hears when, so that many watchers cost purchases little. One per event loop.
 */
public final class SaleStreams {
    private static final int ROUND_MS = 50;
    // 1,000 a second: with 5,000 watchers each hears of the falling stock every five seconds, and purchases keep their
    // speed.
    private static final int BUDGET_A_ROUND = 1_000 * ROUND_MS / 1_000;

    private final Supplier<SaleCatalog> catalog;
    private final StreamLimits limits;
    private final Map<String, Topic> topics = new HashMap<>();
    private boolean draining;

    public SaleStreams(Vertx vertx, Supplier<SaleCatalog> catalog, StreamLimits limits) {
        this.catalog = catalog;
        this.limits = limits;
        vertx.setPeriodic(ROUND_MS, id -> round());
    }

    public void mount(Router router) {
        router.get("/api/v1/sales/:saleId/events").handler(this::open);
    }

    /** Ends all streams cleanly, now. */
    public void drain() {
        draining = true;
        List.copyOf(topics.values()).forEach(topic -> topic.watchers.end());
    }

    /** What shows of a sale, but for the time. */
    private record Shown(SaleRow row, int remaining, String state) {
        static Shown of(SaleView sale, long nowMs) {
            return new Shown(sale.row(), sale.remaining(), sale.state(nowMs));
        }

        /** More than that some units went or came. */
        boolean differsInMoreThanUnits(Shown other) {
            return !state.equals(other.state) || !row.equals(other.row);
        }

        String id(SaleView sale) {
            long seq = sale.status() == null ? 0 : sale.status().seq();
            return row.epoch() + "." + seq + "." + row.version() + "." + state;
        }
    }

    /** One sale that is watched. */
    private static final class Topic {
        final Watchers watchers;
        Shown shown;

        Topic(StreamLimits limits) {
            watchers = new Watchers(limits);
        }
    }

    private void open(RoutingContext context) {
        String saleId = context.pathParam("saleId");
        SaleView sale = catalog.get().sale(saleId);
        if (sale == null) {
            Problem.NOT_FOUND.send(context.response());
            return;
        }
        if (draining || !limits.enter()) {
            Problem.OVERLOADED.send(context.response());
            return;
        }
        context.addEndHandler(ended -> limits.leave());
        Topic topic = topics.computeIfAbsent(saleId, id -> new Topic(limits));
        refresh(topic, sale);
        topic.watchers.join(context, () -> topics.remove(saleId, topic));
    }

    private void round() {
        int budget = BUDGET_A_ROUND;
        List<Topic> gone = new ArrayList<>();
        for (Iterator<Map.Entry<String, Topic>> all = topics.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Topic> entry = all.next();
            SaleView sale = catalog.get().sale(entry.getKey());
            if (sale == null) {
                all.remove();
                gone.add(entry.getValue());
            } else {
                refresh(entry.getValue(), sale);
                budget -= entry.getValue().watchers.tell(Math.max(1, budget));
            }
        }
        gone.forEach(topic -> topic.watchers.end());
    }

    private void refresh(Topic topic, SaleView sale) {
        SaleCatalog now = catalog.get();
        Shown shown = Shown.of(sale, now.nowMs());
        if (!shown.equals(topic.shown)) {
            boolean matters = topic.shown == null || shown.differsInMoreThanUnits(topic.shown);
            topic.shown = shown;
            topic.watchers.show(
                    EventStream.event("sale", shown.id(sale), now.json(sale).toBuffer()), matters);
        }
    }
}
