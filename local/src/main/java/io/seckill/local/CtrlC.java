package io.seckill.local;

/**
 * What to do when the terminal, or a signal, ends the launcher. Once that has begun, whatever fails in other threads is
 * a consequence and not worth a line.
 */
final class CtrlC implements AutoCloseable {
    private static volatile boolean pressed;

    private final Thread hook;

    private CtrlC(Thread hook) {
        this.hook = hook;
    }

    static CtrlC then(Runnable cleanup) {
        Thread hook = new Thread(
                () -> {
                    pressed = true;
                    cleanup.run();
                },
                "ctrl-c");
        Runtime.getRuntime().addShutdownHook(hook);
        return new CtrlC(hook);
    }

    static boolean pressed() {
        return pressed;
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
