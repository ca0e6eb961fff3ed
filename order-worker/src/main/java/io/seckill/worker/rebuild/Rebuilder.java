package io.seckill.worker.rebuild;

import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.redis.FunctionLibrary;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.seckill.worker.ConfirmedPublisher;
import io.seckill.worker.MysqlLink;
import io.seckill.worker.Readiness;
import io.seckill.worker.WorkerConfig;
import io.seckill.worker.rebuild.RebuildLeases.Lease;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds sales that Redis lost and rebuilds them, and answers for this process's consumers when any worker asks whether orders
 * are under way. One per process; of several processes each sale has one coordinator at a time.
 */
public final class Rebuilder extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuilder.class);
    private static final int ANSWER_EVERY_MS = 200;
    private static final int WATCH_EVERY_MS = 500;
    private static final int RENEW_EVERY_MS = 2_000;
    private static final int RETRY_AFTER_MS = 500;
    private static final int REDIS_TIMEOUT_MS = 2_000;
    private static final int SNAPSHOT_TIMEOUT_MS = 120_000;
    private static final int MAX_SALES = 64;
    // Beyond the deadline itself: how long a gateway may take to notice it.
    private static final int WAIT_MARGIN_MS = 500;

    private final WorkerConfig config;
    private final Readiness readiness;
    private final ConsumerSessions sessions;
    private final RebuildMetrics metrics;
    private final String name;
    private final String coordinator;
    // By sale, since when; what this process works at.
    private final Map<String, Long> underWay = new HashMap<>();

    private MysqlLink locksLink;
    private MysqlLink snapshotsLink;
    private AmqpLink rabbit;
    private ConfirmedPublisher publisher;
    private RedisLink redis;
    private DrainRounds rounds;
    private RebuildLeases leases;
    private RebuildWatch watch;
    private SaleRebuild rebuild;
    private boolean busy;
    private boolean draining;

    public Rebuilder(WorkerConfig config, Readiness readiness, ConsumerSessions sessions, RebuildMetrics metrics) {
        this.config = config;
        this.readiness = readiness;
        this.sessions = sessions;
        this.metrics = metrics;
        this.name = config.instance() + " rebuild";
        this.coordinator =
                config.instance() + " " + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Starts connecting; succeeds at once. */
    @Override
    public Future<?> start() {
        locksLink = mysql(name, config.storeTimeoutMs());
        LedgerSession locks = new LedgerSession(locksLink);
        DrainAnswers answers = new DrainAnswers(vertx.getOrCreateContext(), locks, sessions, config.instance());
        vertx.setPeriodic(1, ANSWER_EVERY_MS, id -> answers.look());
        if (config.rebuilds()) {
            coordinate(locks);
        }
        return Future.succeededFuture();
    }

    /** Leaves what is under way to another worker: its lease ends, and it begins anew. */
    @Override
    public Future<?> stop() {
        draining = true;
        locksLink.drain();
        if (!config.rebuilds()) {
            return locksLink.close();
        }
        snapshotsLink.drain();
        publisher.drain();
        rounds.close();
        return rabbit.close()
                .eventually(publisher::close)
                .eventually(redis::close)
                .eventually(locksLink::close)
                .eventually(snapshotsLink::close)
                .otherwiseEmpty();
    }

    private MysqlLink mysql(String linkName, int timeoutMs) {
        return new MysqlLink(vertx, config.servers(), linkName, timeoutMs, readiness.part(Readiness.MYSQL, linkName))
                .open();
    }

    private void coordinate(LedgerSession locks) {
        Topology topology = new Topology(config.servers().amqpPrefix());
        snapshotsLink = mysql(name + " snapshots", SNAPSHOT_TIMEOUT_MS);
        redis = new RedisLink(
                        vertx, config.servers().redis(), name, REDIS_TIMEOUT_MS, FunctionLibrary.shipped()::ensure)
                .open();
        rabbit = new AmqpLink(
                        vertx,
                        config.servers().amqp(),
                        name,
                        config.confirmTimeoutMs(),
                        generation -> Future.succeededFuture())
                .open();
        publisher = new ConfirmedPublisher(
                        vertx, config, name + " publisher", readiness.part(Readiness.RABBITMQ, name + " publisher"))
                .open();
        SeckillFunctions functions = new SeckillFunctions(redis);
        rounds = new DrainRounds(
                vertx, locks, rabbit, List.of(topology.orderQueue(), topology.unroutedQueue(), topology.deadQueue()));
        leases = new RebuildLeases(locks, coordinator);
        watch = new RebuildWatch(locks, functions);
        rebuild = new SaleRebuild(
                new MysqlRebuildLedger(locks, new LedgerSession(snapshotsLink), coordinator),
                functions,
                rounds,
                lot -> publish(topology, lot),
                new StrayOrders(locks, functions, lot -> publish(topology, lot))::sendAgain,
                ms -> vertx.timer(ms),
                config.purchaseDeadlineMs() + WAIT_MARGIN_MS);
        vertx.setPeriodic(1, WATCH_EVERY_MS, id -> watch());
        vertx.setPeriodic(RENEW_EVERY_MS, id -> renew());
    }

    private Future<Void> publish(Topology topology, Lot lot) {
        return publisher.publish(
                topology.orderExchange(),
                Topology.ORDER_BATCH_KEY,
                Topology.orderBatchProperties(),
                new OrderBatch(List.of(lot)).encode());
    }

    private void watch() {
        if (busy || draining || !redis.isUp()) {
            return;
        }
        busy = true;
        watch.look()
                .otherwiseEmpty()
                .compose(v -> leases.claim(MAX_SALES - underWay.size()))
                .onSuccess(claimed -> claimed.forEach(this::rebuild))
                .onFailure(e -> LOG.debug("{}: {}", name, e.getMessage()))
                .onComplete(done -> busy = false);
    }

    private void rebuild(Lease lease) {
        long began = System.nanoTime();
        underWay.put(lease.saleId(), began);
        metrics.underWay(underWay.size());
        LOG.atInfo()
                .addKeyValue("saleId", lease.saleId())
                .addKeyValue("epoch", lease.epoch())
                .log("rebuild begins: {}", lease.reason());
        rebuild.run(lease.saleId(), lease.epoch(), lease.acceptEpoch())
                .onSuccess(remaining -> {
                    long nanos = System.nanoTime() - began;
                    metrics.rebuilt(nanos);
                    LOG.atInfo()
                            .addKeyValue("saleId", lease.saleId())
                            .addKeyValue("epoch", lease.epoch())
                            .addKeyValue("remaining", remaining)
                            .log("rebuild done in {} ms", nanos / 1_000_000);
                    tell(lease.saleId());
                })
                .onFailure(e -> {
                    metrics.failed();
                    LOG.atWarn()
                            .addKeyValue("saleId", lease.saleId())
                            .addKeyValue("epoch", lease.epoch())
                            .log("rebuild failed, and begins anew: {}", e.getMessage());
                })
                .onComplete(done -> {
                    underWay.remove(lease.saleId());
                    metrics.underWay(underWay.size());
                    if (done.failed() && !draining) {
                        release(lease.saleId());
                    }
                });
    }

    // Else it waits until the lease is over.
    private void release(String saleId) {
        vertx.setTimer(RETRY_AFTER_MS, id -> {
            if (!draining && !underWay.containsKey(saleId)) {
                leases.release(saleId).onFailure(e -> release(saleId));
            }
        });
    }

    /** Gateways need not wait for their next look at MySQL. */
    private void tell(String saleId) {
        redis.send(Request.cmd(Command.PUBLISH)
                .arg(SeckillFunctions.CHANGES)
                .arg(SaleKeys.of(saleId).sale()));
    }

    private void renew() {
        if (!underWay.isEmpty() && !draining) {
            leases.renew().onFailure(e -> LOG.debug("{}: leases not renewed: {}", name, e.getMessage()));
        }
    }
}
