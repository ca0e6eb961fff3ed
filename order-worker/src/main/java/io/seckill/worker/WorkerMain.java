package io.seckill.worker;

import io.seckill.schema.config.InvalidSettings;
import io.seckill.schema.fault.CrashPoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker process: order batches from RabbitMQ into MySQL. Exit 2 for a wrong configuration, 1 if it cannot start. SIGTERM
 * drains it.
 */
public final class WorkerMain {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);
    private static final int DEPLOY_TIMEOUT_S = 30;
    private static final int CLOSE_TIMEOUT_S = 3;

    private WorkerMain() {}

    public static void main(String[] args) {
        WorkerConfig config = null;
        try {
            config = WorkerConfig.read(System::getenv);
        } catch (InvalidSettings e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        CrashPoint.arm(config.crashAt());
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            Worker worker = await(Worker.start(vertx, config), DEPLOY_TIMEOUT_S * 1000L);
            WorkerConfig started = config;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx, worker, started), "shutdown"));
            LOG.info("worker started, management on port {}: {}", worker.managementPort(), config);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            String why = e instanceof ExecutionException ? e.getCause().getMessage() : e.toString();
            System.err.println("The worker did not start: " + why);
            System.exit(1);
        }
    }

    private static void stop(Vertx vertx, Worker worker, WorkerConfig config) {
        try {
            LOG.info("draining");
            await(worker.drain(), config.drainTimeoutMs() + 1_000L);
            LOG.info("drained");
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            LOG.warn("not drained within {} ms; the broker delivers the rest again", config.drainTimeoutMs(), e);
        }
        try {
            await(vertx.close(), CLOSE_TIMEOUT_S * 1000L);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            LOG.warn("not closed in time", e);
        }
    }

    private static <T> T await(Future<T> future, long timeoutMs)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get(timeoutMs, TimeUnit.MILLISECONDS);
    }
}
