package io.seckill.worker;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.seckill.schema.tracing.Tracing;
import io.seckill.worker.rebuild.ConsumerSessions;
import io.seckill.worker.rebuild.RebuildMetrics;
import io.seckill.worker.rebuild.Rebuilder;
import io.seckill.worker.tracing.StoreTraces;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One worker process's parts, deployed and drained in order. Its methods may be called on any thread. */
public final class Worker {
    private final Vertx vertx;
    private final WorkerConfig config;
    private final Readiness readiness = new Readiness();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ManagementServer management;

    private final List<String> parts = new ArrayList<>();

    private Worker(Vertx vertx, WorkerConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.management = new ManagementServer(config, readiness, registry);
    }

    /**
     * Deploys everything.
     *
     * @return succeeds when the management listener is bound and all is on its way; servers that are away do not fail it,
     *     they show in {@link #isReady()}. Fails if the port is taken.
     */
    public static Future<Worker> start(Vertx vertx, WorkerConfig config) {
        Worker worker = new Worker(vertx, config);
        return worker.deploy().map(worker);
    }

    public boolean isReady() {
        return readiness.isReady();
    }

    public int managementPort() {
        return management.port();
    }

    /** What {@code /metrics} shows now. */
    public String metrics() {
        return registry.scrape();
    }

    /**
     * Not ready from now on; takes nothing more, finishes and acks what is in flight, closes its connections. What was
     * delivered and not begun stays unacked.
     *
     * @return fails if that took longer than the drain timeout
     */
    public Future<Void> drain() {
        readiness.draining();
        return Future.join(parts.stream().map(vertx::undeploy).toList())
                .timeout(config.drainTimeoutMs(), TimeUnit.MILLISECONDS)
                .mapEmpty();
    }

    private Future<Void> deploy() {
        DatabaseClock clock = new DatabaseClock(System.currentTimeMillis(), System::nanoTime);
        WorkerMetrics metrics = new WorkerMetrics(registry, clock);
        SettlingMetrics settling = new SettlingMetrics(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        readiness.bindTo(registry);
        metrics.limit(config.workerInstances() * OrderConsumer.QUEUES * config.prefetch());
        AtomicInteger number = new AtomicInteger();
        ConsumerSessions sessions = new ConsumerSessions();
        Tracing tracing = Tracing.of(config.telemetry(), "seckill-worker", config.instance(), registry);
        StoreTraces traces = new StoreTraces(tracing);
        Supplier<OrderConsumer> consumers = () -> new OrderConsumer(
                config,
                config.instance() + "/" + number.incrementAndGet(),
                readiness,
                metrics,
                settling,
                clock,
                sessions,
                traces);
        return tracing.deploy(vertx)
                .compose(id -> vertx.deployVerticle(management))
                .compose(id -> part(vertx.deployVerticle(new WorkerHeartbeat(config, readiness, registry))))
                .compose(id -> part(
                        vertx.deployVerticle(new Rebuilder(config, readiness, sessions, new RebuildMetrics(registry)))))
                .compose(id -> part(vertx.deployVerticle(new TopologyKeeper(config))))
                .compose(id -> part(vertx.deployVerticle(new DeadLetterRecorder(config, readiness, metrics, sessions))))
                .compose(id -> part(vertx.deployVerticle(new Restocker(config, readiness, settling))))
                .compose(id -> part(vertx.deployVerticle(new EventRelay(config, readiness, settling))))
                .compose(id ->
                        part(vertx.deployVerticle(new DueOrderConsumer(config, readiness, metrics, settling, clock))))
                .compose(id -> part(vertx.deployVerticle(
                        consumers, new DeploymentOptions().setInstances(config.workerInstances()))))
                .map(id -> {
                    readiness.deployed();
                    return null;
                });
    }

    private Future<String> part(Future<String> deployment) {
        return deployment.onSuccess(parts::add);
    }
}
