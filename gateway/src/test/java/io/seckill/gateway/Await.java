package io.seckill.gateway;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assertions;

/** Waits for a condition instead of for a time. */
public final class Await {
    private static final long DEADLINE_S = 30;
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private Await() {}

    /** A Future's result; fails after the deadline. */
    public static <T> T result(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(DEADLINE_S, TimeUnit.SECONDS);
    }

    public static void until(String what, Check condition) throws Exception {
        equal(true, what, condition::holds);
    }

    /** Waits until a value is as expected; the failure shows the last one. */
    public static <T> void equal(T expected, String what, Value<T> value) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        T now = value.get();
        while (!expected.equals(now)) {
            if (System.nanoTime() - end > 0) {
                Assertions.fail("not within " + DEADLINE_S + " s: " + what + " is " + expected + ", last seen " + now);
            }
            LockSupport.parkNanos(STEP_NS);
            now = value.get();
        }
    }

    /** A condition that may fail to be asked. */
    public interface Check {
        boolean holds() throws Exception;
    }

    /** A value that may fail to be asked. */
    public interface Value<T> {
        T get() throws Exception;
    }
}
