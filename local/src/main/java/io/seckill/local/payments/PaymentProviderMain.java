package io.seckill.local.payments;

import io.seckill.schema.config.InvalidSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process {@code payments} of the local stack: a payment provider to test with. Exit 2 for a wrong configuration, 1 if it
 * cannot start. Everything else is in {@link PaymentProvider}.
 */
public final class PaymentProviderMain {
    private static final Logger LOG = LoggerFactory.getLogger(PaymentProviderMain.class);
    private static final int START_TIMEOUT_S = 30;
    private static final int CLOSE_TIMEOUT_S = 5;

    private PaymentProviderMain() {}

    public static void main(String[] args) {
        PaymentProviderConfig config = null;
        try {
            config = PaymentProviderConfig.read(System::getenv);
        } catch (InvalidSettings e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        Vertx vertx = Vertx.vertx();
        try {
            await(vertx.deployVerticle(new PaymentProvider(config, System::currentTimeMillis)), START_TIMEOUT_S);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx), "shutdown"));
            LOG.info("payment provider started: {}", config);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            String why = e instanceof ExecutionException ? e.getCause().getMessage() : e.toString();
            System.err.println("The payment provider did not start: " + why);
            System.exit(1);
        }
    }

    private static void stop(Vertx vertx) {
        try {
            await(vertx.close(), CLOSE_TIMEOUT_S);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            LOG.warn("not closed in time", e);
        }
    }

    private static void await(Future<?> future, int timeoutSeconds)
            throws ExecutionException, TimeoutException, InterruptedException {
        future.toCompletionStage().toCompletableFuture().get(timeoutSeconds, TimeUnit.SECONDS);
    }
}
