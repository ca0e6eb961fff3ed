package io.seckill.worker;

import io.seckill.schema.config.InvalidSettings;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.config.Settings;
import io.seckill.schema.config.TelemetrySettings;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.message.OrderBatch;
import java.util.function.Function;

/**
 * A worker's configuration, from the environment. Safe on any thread.
 *
 * @param servers where RabbitMQ and MySQL are
 * @param telemetry logs and traces
 * @param managementHost address of the management listener
 * @param managementPort its port; 0 takes any free one
 * @param instance this process in log lines and connection names
 * @param workerInstances consumers in this process, each with an event loop and connections of its own
 * @param prefetch most messages that one consumer holds unacked, from each of its two queues
 * @param storeMaxOrders most rows in one transaction
 * @param storeTimeoutMs deadline of a transaction; after it the connection is cut
 * @param drainTimeoutMs deadline of the whole drain
 * @param confirmTimeoutMs deadline of a publisher confirm
 * @param purchaseDeadlineMs the gateways' own: no gateway gives a promise later than this after a purchase began
 * @param rebuilds whether this worker brings back sales that Redis lost
 * @param crashAt the {@link CrashPoint} at which a test lets this process die; empty in production
 */
public record WorkerConfig(
        ServerSettings servers,
        TelemetrySettings telemetry,
        String managementHost,
        int managementPort,
        String instance,
        int workerInstances,
        int prefetch,
        int storeMaxOrders,
        int storeTimeoutMs,
        int drainTimeoutMs,
        int confirmTimeoutMs,
        int purchaseDeadlineMs,
        boolean rebuilds,
        String crashAt) {

    /**
     * Reads and checks everything.
     *
     * @param environment name to value
     * @throws InvalidSettings with all errors
     */
    public static WorkerConfig read(Function<String, String> environment) {
        Settings settings = new Settings(environment);
        WorkerConfig config = new WorkerConfig(
                ServerSettings.read(settings),
                TelemetrySettings.read(settings),
                settings.text("SECKILL_MANAGEMENT_HOST", "127.0.0.1"),
                settings.integer("SECKILL_MANAGEMENT_PORT", 9180, 0, 65535),
                settings.matching(
                        "SECKILL_INSTANCE",
                        "worker",
                        name -> name.matches("[A-Za-z0-9._-]{1,64}"),
                        "1-64 letters, digits, . _ or -"),
                settings.integer("SECKILL_WORKER_INSTANCES", 1, 1, 32),
                settings.integer("SECKILL_PREFETCH", 64, 1, 4_096),
                settings.integer("SECKILL_STORE_MAX_ORDERS", 1_024, 1, 16_384),
                settings.integer("SECKILL_STORE_TIMEOUT_MS", 10_000, 100, 300_000),
                settings.integer("SECKILL_DRAIN_TIMEOUT_MS", 20_000, 100, 600_000),
                settings.integer("SECKILL_CONFIRM_TIMEOUT_MS", 2_000, 50, 60_000),
                settings.integer("SECKILL_PURCHASE_DEADLINE_MS", 2_000, 100, 30_000),
                settings.matching("SECKILL_REBUILD", "on", text -> text.matches("on|off"), "on or off")
                        .equals("on"),
                settings.matching(
                        "SECKILL_CRASH_AT",
                        "",
                        at -> at.isEmpty() || CrashPoint.isId(at),
                        "one of " + CrashPoint.ids()));
        settings.relation(
                config.storeMaxOrders >= OrderBatch.MAX_ORDERS,
                "SECKILL_STORE_MAX_ORDERS must be at least " + OrderBatch.MAX_ORDERS
                        + ": a whole message goes into one transaction");
        settings.relation(
                config.drainTimeoutMs > config.storeTimeoutMs,
                "SECKILL_DRAIN_TIMEOUT_MS must exceed SECKILL_STORE_TIMEOUT_MS: a drain finishes the transaction in flight");
        return settings.finish(config);
    }

    @Override
    public String toString() {
        return servers + " " + telemetry + " management=" + managementHost + ":" + managementPort + " instance="
                + instance
                + " workerInstances=" + workerInstances + " prefetch=" + prefetch + " storeMaxOrders=" + storeMaxOrders
                + " storeTimeoutMs=" + storeTimeoutMs + " drainTimeoutMs=" + drainTimeoutMs + " confirmTimeoutMs="
                + confirmTimeoutMs + " purchaseDeadlineMs=" + purchaseDeadlineMs + " rebuilds=" + rebuilds;
    }
}
