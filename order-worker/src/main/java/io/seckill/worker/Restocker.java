package io.seckill.worker;

import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.order.OrderChanges;
import io.seckill.schema.order.RestockOutbox;
import io.seckill.schema.order.RestockOutbox.Open;
import io.seckill.schema.order.RestockOutbox.Released;
import io.seckill.schema.redis.FunctionLibrary;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives freed units back to Redis, and tells the gateways' streams through Redis that orders changed. One per process;
 * several at the same entries do no harm, since Redis takes each order once. A sale that cannot take its units back waits,
 * and holds up no other.
 */
final class Restocker extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(Restocker.class);
    private static final int EVERY_MS = 200;
    private static final int BATCH = 512;
    private static final int REDIS_TIMEOUT_MS = 2_000;
    private static final long SALE_HOLD_NANOS = 1_000_000_000L;
    private static final long ORDER_HOLD_NANOS = 60_000_000_000L;
    private static final int MAX_HELD = 1_000;

    private final WorkerConfig config;
    private final String name;
    private final Readiness readiness;
    private final SettlingMetrics metrics;
    // What is left alone for a while, by when that ends; the oldest first.
    private final Map<String, Long> heldSales = new LinkedHashMap<>();
    private final Map<String, Long> heldOrders = new LinkedHashMap<>();

    private MysqlLink mysql;
    private RedisLink redis;
    private SeckillFunctions functions;
    private Future<?> inFlight = Future.succeededFuture();
    private boolean wanted;
    private boolean draining;

    Restocker(WorkerConfig config, Readiness readiness, SettlingMetrics metrics) {
        this.config = config;
        this.name = config.instance() + " restock";
        this.readiness = readiness;
        this.metrics = metrics;
    }

    /** Starts connecting; succeeds at once. */
    @Override
    public Future<?> start() {
        mysql = new MysqlLink(
                        vertx, config.servers(), name, config.storeTimeoutMs(), readiness.part(Readiness.MYSQL, name))
                .open();
        redis = new RedisLink(
                        vertx, config.servers().redis(), name, REDIS_TIMEOUT_MS, FunctionLibrary.shipped()::ensure)
                .open();
        functions = new SeckillFunctions(redis);
        // Without Redis nothing is restocked, but storing goes on: it does not make the worker unready.
        Readiness.Part part = readiness.optional(Readiness.REDIS, name);
        Changes.onAny(vertx, saleIds -> OrderChanges.publish(redis, saleIds));
        Changes.onEnded(vertx, saleIds -> wake());
        vertx.setPeriodic(1, EVERY_MS, id -> {
            if (redis.isUp()) {
                part.up();
            } else {
                part.down("not connected");
            }
            wake();
        });
        return Future.succeededFuture();
    }

    /** Finishes the round in flight. */
    @Override
    public Future<?> stop() {
        draining = true;
        mysql.drain();
        return inFlight.otherwiseEmpty()
                .eventually(redis::close)
                .eventually(mysql::close)
                .otherwiseEmpty();
    }

    private void wake() {
        wanted = true;
        next();
    }

    private void next() {
        if (draining || !wanted || !redis.isUp() || !inFlight.isComplete()) {
            return;
        }
        wanted = false;
        inFlight = round().onSuccess(more -> wanted |= more).onFailure(e -> LOG.debug("{}: {}", name, e.getMessage()));
        inFlight.onComplete(done -> next());
    }

    /** @return whether there may be more at once */
    private Future<Boolean> round() {
        return mysql.look(connection -> RestockOutbox.open(connection, BATCH, held(heldSales), held(heldOrders)))
                .compose(open -> {
                    metrics.restockOpen(open.size());
                    return open.isEmpty() ? Future.succeededFuture(false) : restock(open);
                });
    }

    private Future<Boolean> restock(List<Open> open) {
        CrashPoint.RESTOCK_READ.reach();
        return RestockOutbox.release(functions, open).compose(released -> {
            CrashPoint.RESTOCK_RELEASED.reach();
            hold(released);
            return mysql.transaction(connection -> RestockOutbox.mark(connection, released.applied()))
                    .map(v -> {
                        CrashPoint.RESTOCK_MARKED.reach();
                        metrics.restocked(released.applied().size());
                        return open.size() == BATCH;
                    });
        });
    }

    private void hold(Released released) {
        long now = System.nanoTime();
        released.failures().forEach((saleId, why) -> {
            LOG.atDebug().addKeyValue("saleId", saleId).log("{}: restocks wait: {}", name, why.getMessage());
            heldSales.put(saleId, now + SALE_HOLD_NANOS);
        });
        if (!released.neverAccepted().isEmpty()) {
            Open first = released.neverAccepted().get(0);
            LOG.atWarn()
                    .addKeyValue("orders", released.neverAccepted().size())
                    .addKeyValue("saleId", first.saleId())
                    .addKeyValue("orderId", first.orderId())
                    .log("{}: orders cannot be given back, Redis never accepted them", name);
            metrics.neverAccepted(released.neverAccepted().size());
            released.neverAccepted().forEach(order -> {
                if (heldOrders.size() < MAX_HELD) {
                    heldOrders.put(order.orderId(), now + ORDER_HOLD_NANOS);
                }
            });
        }
    }

    private static Collection<String> held(Map<String, Long> held) {
        long now = System.nanoTime();
        for (Iterator<Long> ends = held.values().iterator(); ends.hasNext(); ) {
            if (ends.next() - now <= 0) {
                ends.remove();
            }
        }
        return held.keySet();
    }
}
