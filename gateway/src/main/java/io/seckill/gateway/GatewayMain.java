package io.seckill.gateway;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.seckill.gateway.identity.IdentityProvider;
import io.seckill.gateway.metrics.PoolWait;
import io.seckill.gateway.page.ShopTemplates;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.schema.config.InvalidSettings;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.tracing.Tracing;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway process: configuration, Vert.x, verticles, and an orderly end. The walk begins at PurchaseHandler. */
public final class GatewayMain {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayMain.class);
    private static final int EXTRA_STOP_MS = 3_000;

    private GatewayMain() {}

    public static void main(String[] args) throws InterruptedException {
        GatewayConfig config;
        try {
            config = GatewayConfig.read(System::getenv);
        } catch (InvalidSettings e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        CrashPoint.arm(config.crashAt());
        LOG.info("starting {}", config);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true))
                .withMetrics(new PoolWait(registry))
                .build();
        Readiness readiness = new Readiness();
        try {
            String shop = deploy(vertx, config, readiness, registry)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx, shop, readiness, config), "drain"));
        } catch (ExecutionException e) {
            LOG.error("cannot start: {}", e.getCause().getMessage());
            System.exit(1);
        }
    }

    /**
     * Deploys everything; completes with the id of the shoppers' deployment when both listeners accept. Servers that are
     * away are waited for, not failed on.
     */
    static Future<String> deploy(
            Vertx vertx, GatewayConfig config, Readiness readiness, PrometheusMeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        vertx.eventBus().registerDefaultCodec(SaleCatalog.class, new SnapshotCodec());
        // Missing from the first moment on: the management listener answers before shoppers can be served.
        readiness.bindTo(registry);
        Tracing tracing = Tracing.of(config.telemetry(), "seckill-gateway", config.instance(), registry);
        ShopTemplates shop = ShopTemplates.read(config.signInUrl());
        AtomicInteger loops = new AtomicInteger();
        Readiness.Part http = readiness.part(Readiness.HTTP);
        IdentityProvider provider =
                config.identity().hasProvider() ? new IdentityProvider(config.identity(), registry) : null;
        return tracing.deploy(vertx)
                .compose(id -> provider == null ? Future.succeededFuture() : provider.deploy(vertx))
                .compose(id -> vertx.deployVerticle(new ManagementVerticle(config, registry, readiness, provider)))
                .compose(id -> vertx.deployVerticle(
                        () -> new GatewayVerticle(
                                config, registry, readiness, tracing, shop, provider, loops.getAndIncrement()),
                        new DeploymentOptions().setInstances(config.eventLoops())))
                .onSuccess(id -> http.set(true));
    }

    // Unready first, and served on until that is noticed; then shoppers are drained while the relay still works; then
    // the
    // rest.
    private static void stop(Vertx vertx, String shop, Readiness readiness, GatewayConfig config) {
        readiness.drain();
        try {
            Thread.sleep(config.unreadyMs());
            await(vertx.undeploy(shop), config.drainTimeoutMs());
            // Asked from here, not from a callback: that would have to run on an event loop that is gone by then.
            await(vertx.close(), EXTRA_STOP_MS);
            LOG.info("stopped");
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("stopped before everything was drained", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(Future<?> step, long timeoutMs)
            throws InterruptedException, ExecutionException, TimeoutException {
        step.toCompletionStage().toCompletableFuture().get(timeoutMs, TimeUnit.MILLISECONDS);
    }
}
