package io.seckill.local;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What to do when the terminal, or a signal, ends the launcher. Once that has begun, whatever fails in other threads is
 * a consequence and not worth a line.
 */
final class CtrlC implements AutoCloseable {
    /** The same signal that ends us ends our children, and the news of that may come first. */
    private static final long NEWS_MS = 300;

    private static final CountDownLatch PRESSED = new CountDownLatch(1);

    private final Thread hook;

    private CtrlC(Thread hook) {
        this.hook = hook;
    }

    static CtrlC then(Runnable cleanup) {
        Thread hook = new Thread(
                () -> {
                    PRESSED.countDown();
                    cleanup.run();
                },
                "ctrl-c");
        Runtime.getRuntime().addShutdownHook(hook);
        return new CtrlC(hook);
    }

    static boolean pressed() {
        return PRESSED.getCount() == 0;
    }

    /** Whether a failure of just now is to be put down to the end of the launcher. */
    static boolean explainsFailure() {
        try {
            return PRESSED.await(NEWS_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** From now on the end of the launcher needs no cleaning up. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyRunning) {
            // It is doing its work now.
        }
    }
}
