package io.seckill.schema.testing;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waiting in tests: for a result or a condition, never for time to pass. */
public final class Await {
    private static final int LIMIT_S = 30;
    private static final int LOOK_MS = 10;

    private Await() {}

    /** The Future's result; its failure, or no result within 30 s, fails the test. */
    public static <T> T result(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no result within " + LIMIT_S + " s", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Why the Future failed; a success fails the test. */
    public static Throwable failure(Future<?> future) {
        return result(future.<Throwable>transform(
                done -> done.failed() ? Future.succeededFuture(done.cause()) : Future.failedFuture("it did not fail")));
    }

    public static void until(String what, BooleanSupplier condition) {
        within(LIMIT_S * 1_000, what, condition);
    }

    public static void within(int limitMs, String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limitMs * 1_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limitMs + " ms: " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
