package io.seckill.gateway;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.seckill.gateway.admin.AdminApi;
import io.seckill.gateway.admin.DeadLetterGauge;
import io.seckill.gateway.admin.DeadLettersApi;
import io.seckill.gateway.admin.SaleAudit;
import io.seckill.gateway.http.Problems;
import io.seckill.gateway.identity.Authenticator;
import io.seckill.gateway.identity.IdentityProvider;
import io.seckill.gateway.metrics.AuditWatch;
import io.seckill.gateway.metrics.OutboxAge;
import io.seckill.gateway.metrics.QueueDepth;
import io.seckill.gateway.metrics.SaleMeters;
import io.seckill.gateway.page.ConsolePages;
import io.seckill.gateway.process.GatewayHeartbeat;
import io.seckill.gateway.process.ProcessBoard;
import io.seckill.gateway.process.SystemApi;
import io.seckill.gateway.purchase.OrderPublisher;
import io.seckill.gateway.sale.AcceptedUnits;
import io.seckill.gateway.sale.SaleChanges;
import io.seckill.gateway.sale.SaleStore;
import io.seckill.gateway.sale.SaleWatch;
import io.seckill.gateway.stream.OrderStreams;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.db.SchemaVersion;
import io.seckill.schema.process.HeartbeatSender;
import io.seckill.schema.redis.FunctionLibrary;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway does once per process, away from the shoppers' event loops: it watches the sales, relays what no confirm
 * trimmed, and serves the operator: health, metrics, admin calls, the console.
 */
final class ManagementVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementVerticle.class);
    private static final int VERIFY_EVERY_MS = 2_000;
    // Not on the path of a purchase: a large page of buyers may take its time.
    private static final int REDIS_TIMEOUT_MS = 5_000;
    // An audit counts whole tables.
    private static final int AUDIT_SILENCE_MS = 75_000;

    private final GatewayConfig config;
    private final PrometheusMeterRegistry registry;
    private final Readiness readiness;
    private final IdentityProvider provider;

    private RedisLink redis;
    private RedisLink changes;
    private ProcessBoard processes;
    private HeartbeatSender heartbeats;
    private AmqpLink amqp;
    private AmqpLink queues;
    private SaleMeters sales;
    private Pool mysql;
    private Pool auditMysql;
    private SaleWatch watch;
    private HttpServer server;
    private boolean schemaVerified;
    private boolean mysqlAnswers;

    /** @param provider null if there is none */
    ManagementVerticle(
            GatewayConfig config, PrometheusMeterRegistry registry, Readiness readiness, IdentityProvider provider) {
        this.config = config;
        this.registry = registry;
        this.readiness = readiness;
        this.provider = provider;
    }

    @Override
    public Future<?> start() {
        Topology topology = new Topology(config.servers().amqpPrefix());
        redis = new RedisLink(
                        vertx,
                        config.servers().redis(),
                        config.instance() + " management",
                        REDIS_TIMEOUT_MS,
                        FunctionLibrary.shipped()::ensure)
                .open();
        amqp = new AmqpLink(
                        vertx,
                        config.servers().amqp(),
                        config.instance() + " management",
                        config.confirmTimeoutMs(),
                        topology::checkAndProbe)
                .open();
        mysql = Connections.mysql(vertx, config, "management");
        auditMysql = Connections.mysql(vertx, config, "audits", AUDIT_SILENCE_MS);
        SeckillFunctions functions = new SeckillFunctions(redis);
        SaleStore store = new SaleStore(mysql, config.mysqlTimeoutMs());
        watch = new SaleWatch(vertx, store, redis, config.salePollMs()).start();
        changes = SaleChanges.subscribe(
                vertx,
                config.servers().redis(),
                config.instance() + " changes",
                REDIS_TIMEOUT_MS,
                watch::changed,
                hint -> vertx.eventBus().publish(OrderStreams.HINTS, hint));
        processes = ProcessBoard.listen(
                vertx, config.servers().redis(), config.instance() + " processes", REDIS_TIMEOUT_MS);
        heartbeats = new HeartbeatSender(redis, new GatewayHeartbeat(config.instance(), registry, readiness::json))
                .start(vertx);
        OrderPublisher publisher = new OrderPublisher(amqp, topology, config.outboxLeaseMs(), (orders, nanos) -> {});
        new Relay(functions, publisher, watch::catalog, config.outboxLeaseMs(), registry).start(vertx);

        watchReadiness();
        Authenticator tokens = new Authenticator(
                vertx, config.identity(), provider, () -> watch.catalog().nowMs(), registry, "management");
        SaleAudit audit = new SaleAudit(vertx, auditMysql, functions, amqp, topology);
        new Reconciler(
                        functions,
                        new AcceptedUnits(mysql, config.mysqlTimeoutMs()),
                        publisher,
                        audit::queued,
                        watch::catalog,
                        config.missingAfterMs(),
                        registry)
                .start(vertx);
        DeadLettersApi deadLetters = new DeadLettersApi(mysql, config.mysqlTimeoutMs(), functions, amqp, topology);
        new DeadLetterGauge(mysql, config.mysqlTimeoutMs(), registry).start(vertx);
        observe(functions, audit, topology);
        AdminApi admin = new AdminApi(tokens, mysql, config.mysqlTimeoutMs(), store, watch, audit, deadLetters);
        return listen(admin, new SystemApi(config.instance(), processes, registry));
    }

    @Override
    public Future<?> stop() {
        return server.shutdown(1, TimeUnit.SECONDS)
                .eventually(() -> changes.close())
                .eventually(() -> processes.close())
                .eventually(() -> heartbeats.leave())
                .eventually(() -> redis.close())
                .eventually(() -> amqp.close())
                .eventually(() -> queues.close())
                .eventually(() -> mysql.close())
                .eventually(() -> auditMysql.close());
    }

    private void observe(SeckillFunctions functions, SaleAudit audit, Topology topology) {
        sales = new SaleMeters(watch::catalog, registry);
        new OutboxAge(functions, watch::catalog, registry).start(vertx);
        new AuditWatch(audit::run, watch::catalog, config.auditEveryMs(), registry).start(vertx);
        queues = new AmqpLink(
                        vertx,
                        config.servers().amqp(),
                        config.instance() + " queue depth",
                        config.confirmTimeoutMs(),
                        generation -> Future.succeededFuture())
                .open();
        new QueueDepth(queues, topology, registry).start(vertx);
    }

    private String metrics() {
        sales.refresh();
        return registry.scrape();
    }

    private Future<HttpServer> listen(AdminApi admin, SystemApi system) {
        Router router = Router.router(vertx);
        router.get("/health/live")
                .handler(context -> context.json(new io.vertx.core.json.JsonObject().put("live", true)));
        router.get("/health/ready").handler(context -> context.response()
                .setStatusCode(readiness.isReady() ? 200 : 503)
                .putHeader("content-type", "application/json")
                .end(readiness.json().toBuffer()));
        router.get("/metrics").handler(context -> context.response()
                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                .end(metrics()));
        admin.mount(router);
        system.mount(router);
        new ConsolePages(vertx).mount(router);
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(config.managementHost())
                        .setPort(config.managementPort())
                        .setIdleTimeout(75))
                .invalidRequestHandler(Problems::unreadable)
                .requestHandler(Problems.handledBy(router));
        return server.listen();
    }

    private void watchReadiness() {
        Readiness.Part mysqlPart = readiness.part(Readiness.MYSQL);
        Readiness.Part schemaPart = readiness.part(Readiness.SCHEMA);
        Readiness.Part redisPart = readiness.part(Readiness.REDIS);
        Readiness.Part identityPart = readiness.part(Readiness.IDENTITY);
        vertx.setPeriodic(1, 50, id -> {
            identityPart.set(provider == null || provider.isKnown());
            noteMysql(watch.isFresh());
            mysqlPart.set(mysqlAnswers);
            schemaPart.set(schemaVerified);
            redisPart.set(redis.isUp() && watch.knowsTime());
        });
        vertx.setPeriodic(1, VERIFY_EVERY_MS, id -> {
            if (schemaVerified) {
                vertx.cancelTimer(id);
            } else {
                verifySchema();
            }
        });
    }

    // One line when it is lost and one when it is back; the watch asks several times a second.
    private void noteMysql(boolean answers) {
        if (mysqlAnswers && !answers) {
            LOG.warn(
                    "MySQL at {}:{} does not answer; sales go on as last known, retrying",
                    config.servers().mysqlHost(),
                    config.servers().mysqlPort());
        } else if (!mysqlAnswers && answers) {
            LOG.info(
                    "MySQL at {}:{} answers",
                    config.servers().mysqlHost(),
                    config.servers().mysqlPort());
        }
        mysqlAnswers = answers;
    }

    private void verifySchema() {
        SchemaVersion.verify(mysql)
                .onSuccess(v -> schemaVerified = true)
                .onFailure(e -> LOG.warn(
                        "MySQL at {}:{}: {}",
                        config.servers().mysqlHost(),
                        config.servers().mysqlPort(),
                        e.getMessage()));
    }
}
