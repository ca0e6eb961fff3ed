package io.seckill.loadtest.scenario;

/** What must not outlive this process, however it is ended: a child is left alone when only its parent gets the signal. */
final class AtExit implements AutoCloseable {
    private final Thread hook;

    AtExit(Runnable end) {
        hook = new Thread(end, "at-exit");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** It has been seen to. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyRunning) {
            // It is doing its work now.
        }
    }
}
