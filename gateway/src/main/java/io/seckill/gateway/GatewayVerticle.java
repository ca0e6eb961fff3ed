package io.seckill.gateway;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.seckill.gateway.http.ConnectionLimit;
import io.seckill.gateway.http.LateShutdown;
import io.seckill.gateway.http.Problems;
import io.seckill.gateway.http.ShopperApi;
import io.seckill.gateway.identity.Authenticator;
import io.seckill.gateway.identity.DemoSignIn;
import io.seckill.gateway.identity.IdentityProvider;
import io.seckill.gateway.order.OrderActionsApi;
import io.seckill.gateway.order.OrderCancellation;
import io.seckill.gateway.order.OrderQueries;
import io.seckill.gateway.order.OrderTransaction;
import io.seckill.gateway.page.ShopPages;
import io.seckill.gateway.page.ShopTemplates;
import io.seckill.gateway.payment.Charges;
import io.seckill.gateway.payment.OrderPayment;
import io.seckill.gateway.payment.PaymentEvents;
import io.seckill.gateway.payment.WebhookApi;
import io.seckill.gateway.purchase.IdempotencyKeys;
import io.seckill.gateway.purchase.OrderPublisher;
import io.seckill.gateway.purchase.PurchaseHandler;
import io.seckill.gateway.purchase.PurchaseMetrics;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.stream.OrderStreams;
import io.seckill.gateway.stream.SaleStreams;
import io.seckill.gateway.stream.StreamLimits;
import io.seckill.gateway.tracing.PurchaseTraces;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.redis.FunctionLibrary;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SeckillFunctions;
import io.seckill.schema.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.sqlclient.Pool;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * One event loop of the shoppers' API, with connections of its own to everything. Nothing mutable is shared between
 * instances; what they know of the sales comes as immutable snapshots over the event bus.
 */
final class GatewayVerticle extends VerticleBase {
    private static final int MAX_HEADER_BYTES = 8_192;
    private static final int MAX_LINE_BYTES = 2_048;
    private static final int SEND_BUFFER_BYTES = 65_536;
    private static final int IDLE_TIMEOUT_S = 75;
    private static final int DRAIN_CHECK_MS = 10;
    private static final long TOLD_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(LateShutdown.DELAY_MS);

    private final GatewayConfig config;
    private final MeterRegistry registry;
    private final Readiness readiness;
    private final Tracing tracing;
    private final ShopTemplates shop;
    private final IdentityProvider provider;
    private final String loop;

    private final ConnectionLimit connections;

    private SaleCatalog catalog;
    private HttpServer server;
    private RedisLink redis;
    private AmqpLink amqp;
    private Pool mysql;
    private PurchaseHandler purchases;
    private ShopperApi api;
    private Charges charges;
    private SaleStreams saleStreams;
    private OrderStreams orderStreams;

    /**
     * @param provider null if there is none
     * @param loop which of the process' event loops this is, from 0: the same after a restart
     */
    GatewayVerticle(
            GatewayConfig config,
            MeterRegistry registry,
            Readiness readiness,
            Tracing tracing,
            ShopTemplates shop,
            IdentityProvider provider,
            int loop) {
        this.config = config;
        this.registry = registry;
        this.readiness = readiness;
        this.tracing = tracing;
        this.shop = shop;
        this.provider = provider;
        this.loop = Integer.toString(loop);
        this.connections = new ConnectionLimit(config.maxConnections());
    }

    @Override
    public Future<?> start() {
        Promise<Void> firstCatalog = Promise.promise();
        vertx.eventBus().<SaleCatalog>localConsumer(SaleCatalog.ADDRESS, message -> {
            catalog = message.body();
            firstCatalog.tryComplete();
        });
        Topology topology = new Topology(config.servers().amqpPrefix());
        redis = new RedisLink(
                        vertx,
                        config.servers().redis(),
                        config.instance() + " purchases",
                        config.redisTimeoutMs(),
                        FunctionLibrary.shipped()::ensure)
                .open();
        amqp = new AmqpLink(
                        vertx,
                        config.servers().amqp(),
                        config.instance() + " purchases",
                        config.confirmTimeoutMs(),
                        topology::checkAndProbe)
                .open();
        mysql = Connections.mysql(vertx, config, "shoppers");

        PurchaseMetrics metrics = new PurchaseMetrics(registry);
        OrderPublisher publisher = new OrderPublisher(amqp, topology, config.purchaseDeadlineMs(), metrics::confirmed);
        Authenticator tokens =
                new Authenticator(vertx, config.identity(), provider, () -> catalog.nowMs(), registry, loop);
        OrderQueries orders =
                new OrderQueries(vertx, mysql, new SeckillFunctions(redis), () -> catalog, config.mysqlTimeoutMs());
        IdempotencyKeys keys = new IdempotencyKeys(redis);
        PurchaseTraces traces = new PurchaseTraces(tracing);
        purchases = new PurchaseHandler(
                vertx, config, tokens, () -> catalog, redis, publisher, orders, keys, metrics, traces);
        watchReadiness(publisher);
        purchaseMeters(publisher);
        connectionMeters();

        return vertx.fileSystem()
                .readFile("openapi.yaml")
                .compose(text -> {
                    api = new ShopperApi(vertx, tokens, () -> catalog, purchases, orders, text);
                    mountOrderActions(api, tokens, orders, keys);
                    mountStreams(api, tokens, orders);
                    api.mount(new ShopPages(shop, () -> catalog)::mount);
                    if (config.identity().demo()) {
                        api.mount(new DemoSignIn(vertx, config.identity(), () -> catalog.nowMs())::mount);
                    }
                    // Without a first look at the sales every answer would be a wrong 404.
                    return firstCatalog.future();
                })
                .compose(v -> listen());
    }

    /** Stops accepting, answers what is under way, and only then lets go of the connections and the servers. */
    @Override
    public Future<?> stop() {
        api.drain();
        saleStreams.drain();
        orderStreams.drain();
        // Unbinds at once. Connections that stay silent are closed when all is answered, and not before LateShutdown.
        server.shutdown(config.drainTimeoutMs(), TimeUnit.MILLISECONDS);
        return answered(System.nanoTime())
                .eventually(() -> server.close())
                .eventually(() -> redis.close())
                .eventually(() -> amqp.close())
                .eventually(() -> charges.close())
                .eventually(() -> mysql.close());
    }

    private void mountOrderActions(
            ShopperApi shopper, Authenticator tokens, OrderQueries orders, IdempotencyKeys keys) {
        OrderTransaction transaction = new OrderTransaction(vertx, mysql, config.mysqlTimeoutMs());
        OrderCancellation cancellation = new OrderCancellation(orders, transaction, mysql, redis);
        charges = new Charges(vertx, config.paymentUrl(), config.paymentSignature(), () -> catalog.nowMs());
        OrderPayment payment = new OrderPayment(vertx, orders, charges, () -> catalog.nowMs());
        shopper.mount(routes -> {
            new OrderActionsApi(tokens, keys).mount(routes, payment::pay, cancellation::cancel);
            new WebhookApi(
                            new PaymentEvents(transaction, redis, () -> catalog.nowMs()),
                            config.paymentSignature(),
                            () -> catalog.nowMs(),
                            registry)
                    .mount(routes);
        });
    }

    private void mountStreams(ShopperApi shopper, Authenticator tokens, OrderQueries orders) {
        StreamLimits limits = new StreamLimits(config.maxStreams(), config.streamStallMs(), registry, loop);
        saleStreams = new SaleStreams(vertx, () -> catalog, limits);
        orderStreams = new OrderStreams(vertx, tokens, orders, limits);
        shopper.mount(saleStreams::mount);
        shopper.mount(orderStreams::mount);
    }

    private Future<HttpServer> listen() {
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(config.httpHost())
                        .setPort(config.httpPort())
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setMaxInitialLineLength(MAX_LINE_BYTES)
                        .setIdleTimeout(IDLE_TIMEOUT_S)
                        // Each connection is used on its own event loop only.
                        .setStrictThreadMode(true)
                        .setTcpNoDelay(true)
                        // The kernel would keep megabytes for a stream that nobody reads.
                        .setSendBufferSize(SEND_BUFFER_BYTES)
                        .setHandle100ContinueAutomatically(true)
                        // Else a connection would count only once it has sent something.
                        .setHttp2ClearTextEnabled(false)
                        // Nobody speaks WebSocket here: two handlers less on the way of each request.
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setAcceptBacklog(4_096))
                .connectionHandler(connections)
                .invalidRequestHandler(Problems::unreadable)
                .requestHandler(api);
        return server.listen();
    }

    private void watchReadiness(OrderPublisher publisher) {
        Readiness.Part redisPart = readiness.part(Readiness.REDIS);
        Readiness.Part amqpPart = readiness.part(Readiness.RABBITMQ);
        vertx.setPeriodic(1, 50, id -> {
            redisPart.set(redis.isUp());
            amqpPart.set(publisher.isReady());
        });
    }

    private void purchaseMeters(OrderPublisher publisher) {
        gauge("purchases.in.flight", "Purchases without an answer yet", purchases::inFlight);
        gauge(
                "purchases.limit",
                "Purchases that may be under way at present; more are shed before Redis",
                purchases::limit);
        gauge("lots.unconfirmed", "Accepted lots that RabbitMQ has not confirmed yet", publisher::unconfirmed);
        FunctionCounter.builder("seckill.gateway.confirms.missed", publisher, OrderPublisher::missed)
                .description(
                        "Lots whose confirm did not come in time, or that did not leave in time: a relay's to send")
                .tag("loop", loop)
                .register(registry);
    }

    private void connectionMeters() {
        gauge("connections", "Shoppers' connections", connections::open);
        gauge("connections.limit", "Most shoppers' connections; one too many is closed at once", connections::most);
        FunctionCounter.builder("seckill.gateway.connections.refused", connections, ConnectionLimit::turnedAway)
                .description("Connections that were one too many")
                .tag("loop", loop)
                .register(registry);
        gauge("redis.calls", "Calls to Redis without a reply yet", redis::waiting);
        gauge("redis.calls.limit", "Most calls to Redis without a reply", () -> RedisLink.MAX_WAITING);
    }

    private void gauge(String name, String description, IntSupplier value) {
        Gauge.builder("seckill.gateway." + name, value::getAsInt)
                .description(description)
                .tag("loop", loop)
                .register(registry);
    }

    // Each purchase and each query has a deadline, so this ends.
    private Future<Void> answered(long sinceNanos) {
        Promise<Void> done = Promise.promise();
        vertx.setPeriodic(DRAIN_CHECK_MS, id -> {
            boolean toldAll = System.nanoTime() - sinceNanos > TOLD_AFTER_NANOS;
            if (api.isIdle() && (toldAll || connections.open() == 0)) {
                vertx.cancelTimer(id);
                done.complete();
            }
        });
        return done.future();
    }
}
