package io.seckill.gateway;

import io.seckill.gateway.identity.IdentityConfig;
import io.seckill.gateway.payment.PaymentSignature;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.config.Settings;
import io.seckill.schema.config.TelemetrySettings;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.message.OrderBatch;
import java.util.function.Function;

/**
 * A gateway's configuration, from the environment. README.md has the table. Times are milliseconds.
 *
 * @param eventLoops HTTP event loops, each with its own connections
 * @param purchaseDeadlineMs from before the Redis call to the answer; past it the outcome is unknown
 * @param redisTimeoutMs deadline of one call to Redis; past it the connection is given up
 * @param confirmTimeoutMs deadline of one publisher confirm; past it the connection is given up
 * @param outboxLeaseMs how long the accepting gateway alone may publish a lot, before a relay does
 * @param missingAfterMs an accepted order that is neither stored nor on its way after so long is published again
 * @param auditEveryMs rest between two rounds in which every sale is audited, at least
 * @param unreadyMs at SIGTERM: from unready to not listening, for whoever sends shoppers here to notice
 * @param drainTimeoutMs after that, what is under way may take so long
 * @param maxInFlight purchases under way per event loop at most, fewer where they would be answered late; more are shed
 *     before Redis
 * @param batchMaxOrders purchases in one reserve call, and orders in one message
 * @param maxConnections of shoppers per event loop, open streams among them; one too many is closed at once
 * @param maxStreams open event streams per event loop; more are refused
 * @param streamStallMs a stream whose client takes nothing in for so long is closed
 * @param paymentUrl of the payment provider; empty if shoppers pay there by themselves, and only its events come here
 * @param signInUrl where the shop's pages send a shopper without a token; empty if they only say so
 * @param crashAt the {@link CrashPoint} at which a test lets this process die; empty in production
 * @param salePollMs how often the state of the sales is read, behind pub/sub
 */
public record GatewayConfig(
        ServerSettings servers,
        TelemetrySettings telemetry,
        String instance,
        String httpHost,
        int httpPort,
        String managementHost,
        int managementPort,
        int eventLoops,
        int purchaseDeadlineMs,
        int redisTimeoutMs,
        int confirmTimeoutMs,
        int outboxLeaseMs,
        int missingAfterMs,
        int auditEveryMs,
        int maxInFlight,
        int batchMaxOrders,
        int salePollMs,
        int mysqlPoolSize,
        int mysqlTimeoutMs,
        int maxBodyBytes,
        int unreadyMs,
        int drainTimeoutMs,
        int maxConnections,
        int maxStreams,
        int streamStallMs,
        IdentityConfig identity,
        PaymentSignature paymentSignature,
        String paymentUrl,
        String signInUrl,
        String crashAt) {

    /**
     * @throws io.seckill.schema.config.InvalidSettings with all errors at once
     */
    public static GatewayConfig read(Function<String, String> environment) {
        Settings settings = new Settings(environment);
        String httpHost = settings.text("SECKILL_HTTP_HOST", "127.0.0.1");
        GatewayConfig config = new GatewayConfig(
                ServerSettings.read(settings),
                TelemetrySettings.read(settings),
                settings.text("SECKILL_INSTANCE", "gateway"),
                httpHost,
                settings.integer("SECKILL_HTTP_PORT", 8080, 0, 65535),
                settings.text("SECKILL_MANAGEMENT_HOST", "127.0.0.1"),
                settings.integer("SECKILL_MANAGEMENT_PORT", 9080, 0, 65535),
                settings.integer(
                        "SECKILL_EVENT_LOOPS", Math.min(64, Runtime.getRuntime().availableProcessors()), 1, 64),
                settings.integer("SECKILL_PURCHASE_DEADLINE_MS", 2_000, 100, 30_000),
                settings.integer("SECKILL_REDIS_TIMEOUT_MS", 1_000, 50, 30_000),
                settings.integer("SECKILL_CONFIRM_TIMEOUT_MS", 2_000, 50, 30_000),
                settings.integer("SECKILL_OUTBOX_LEASE_MS", 4_000, 100, 60_000),
                settings.integer("SECKILL_MISSING_AFTER_MS", 10_000, 500, 3_600_000),
                settings.integer("SECKILL_AUDIT_EVERY_MS", 60_000, 100, 3_600_000),
                settings.integer("SECKILL_MAX_IN_FLIGHT", 16_384, 1, 100_000),
                settings.integer("SECKILL_BATCH_MAX_ORDERS", OrderBatch.MAX_ORDERS, 1, OrderBatch.MAX_ORDERS),
                settings.integer("SECKILL_SALE_POLL_MS", 200, 20, 1_000),
                settings.integer("SECKILL_MYSQL_POOL", 4, 1, 64),
                settings.integer("SECKILL_MYSQL_TIMEOUT_MS", 2_000, 100, 30_000),
                settings.integer("SECKILL_MAX_BODY_BYTES", 4_096, 256, 1_048_576),
                settings.integer("SECKILL_UNREADY_MS", 1_000, 0, 60_000),
                settings.integer("SECKILL_DRAIN_TIMEOUT_MS", 20_000, 0, 120_000),
                settings.integer("SECKILL_MAX_CONNECTIONS", 16_384, 1, 1_000_000),
                settings.integer("SECKILL_MAX_STREAMS", 10_000, 0, 1_000_000),
                settings.integer("SECKILL_STREAM_STALL_MS", 30_000, 100, 600_000),
                IdentityConfig.read(settings, httpHost),
                PaymentSignature.parse(
                        settings.secret("SECKILL_PAYMENT_SECRETS", PaymentSignature::isValid, PaymentSignature.FORM)),
                settings.matching(
                        "SECKILL_PAYMENT_URL",
                        "",
                        url -> url.matches("https?://[A-Za-z0-9.:\\[\\]-]+"),
                        "http://host:port or https://host:port"),
                settings.matching(
                        "SECKILL_SIGN_IN_URL",
                        "",
                        url -> url.matches("(https?://[A-Za-z0-9.:\\[\\]-]+)?/[!-~&&[^\"'<>\\\\]]*"),
                        "a path that begins with / or a whole http or https URL"),
                settings.matching("SECKILL_CRASH_AT", "", CrashPoint::isId, "one of " + CrashPoint.ids()));
        settings.relation(
                config.redisTimeoutMs < config.purchaseDeadlineMs,
                "SECKILL_REDIS_TIMEOUT_MS (" + config.redisTimeoutMs
                        + ") must be less than SECKILL_PURCHASE_DEADLINE_MS (" + config.purchaseDeadlineMs + ")");
        settings.relation(
                config.outboxLeaseMs > config.confirmTimeoutMs && config.outboxLeaseMs > config.purchaseDeadlineMs,
                "SECKILL_OUTBOX_LEASE_MS (" + config.outboxLeaseMs
                        + ") must be more than SECKILL_CONFIRM_TIMEOUT_MS and SECKILL_PURCHASE_DEADLINE_MS, or a relay "
                        + "would publish what its gateway still does");
        settings.relation(
                config.maxConnections > config.maxStreams,
                "SECKILL_MAX_CONNECTIONS (" + config.maxConnections + ") must be more than SECKILL_MAX_STREAMS ("
                        + config.maxStreams + "), or streams would keep buyers out");
        return settings.finish(config);
    }

    @Override
    public String toString() {
        return servers + " " + telemetry + " instance=" + instance + " http=" + httpHost + ":" + httpPort
                + " management="
                + managementHost + ":" + managementPort + " eventLoops=" + eventLoops + " purchaseDeadlineMs="
                + purchaseDeadlineMs + " redisTimeoutMs=" + redisTimeoutMs + " confirmTimeoutMs=" + confirmTimeoutMs
                + " outboxLeaseMs=" + outboxLeaseMs + " maxInFlight=" + maxInFlight + " " + identity
                + " payments=" + (paymentUrl.isEmpty() ? "events only" : paymentUrl) + " paymentSecrets="
                + paymentSignature;
    }
}
