package io.seckill.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/** Waits for a condition instead of for a time. */
final class Await {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private Await() {}

    static void until(String what, Check condition) throws Exception {
        long end = System.nanoTime() + DEADLINE_NS;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                Assertions.fail("not within 30 s: " + what);
            }
            LockSupport.parkNanos(STEP_NS);
        }
    }

    /** Waits until a value is as expected; the failure shows the last one. */
    static <T> void equal(T expected, String what, Value<T> value) throws Exception {
        Object[] last = new Object[1];
        Supplier<String> shown = () -> what + " is " + expected + ", last seen " + last[0];
        long end = System.nanoTime() + DEADLINE_NS;
        while (true) {
            T now = value.get();
            last[0] = now;
            if (expected.equals(now)) {
                return;
            }
            if (System.nanoTime() > end) {
                Assertions.fail("not within 30 s: " + shown.get());
            }
            LockSupport.parkNanos(STEP_NS);
        }
    }

    interface Check {
        boolean holds() throws Exception;
    }

    interface Value<T> {
        T get() throws Exception;
    }
}
