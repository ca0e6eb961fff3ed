package io.seckill.loadtest.chaos;

import io.seckill.loadtest.Blocking;
import io.seckill.loadtest.Loop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The waiting of a round, whose thread may block: each wait has a limit, and says what it was for. What is waited for runs on
 * one event loop: a request that is made on another thread than its connection's may wait for ever.
 */
final class Steps {
    private static final long LOOK_MS = 100;
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(20);

    /** What was waited for did not come. */
    static final class NotDoneException extends Exception {
        private static final long serialVersionUID = 1L;

        NotDoneException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final Vertx vertx;
    private final Loop loop;

    Steps(Vertx vertx) {
        this.vertx = vertx;
        this.loop = new Loop(vertx);
    }

    <T> T await(String what, Supplier<Future<T>> step, Duration limit) throws NotDoneException, InterruptedException {
        try {
            return Blocking.await(begin(step), limit);
        } catch (Blocking.FailedException e) {
            throw new NotDoneException(what + ": " + e.getMessage(), e);
        }
    }

    /** Runs a step on the event loop; on any thread. */
    <T> Future<T> begin(Supplier<Future<T>> step) {
        return loop.run(step);
    }

    /** Looks until the answer is yes; an answer that does not come counts as a no. */
    void until(String what, Supplier<Future<Boolean>> look, Duration limit)
            throws NotDoneException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        await(what, () -> repeat(look, deadline, limit), limit.plus(LOOK_LIMIT));
    }

    private Future<Void> repeat(Supplier<Future<Boolean>> look, long deadline, Duration limit) {
        return look.get()
                .timeout(LOOK_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .otherwise(false)
                .compose(yes -> {
                    if (yes) {
                        return Future.succeededFuture();
                    }
                    if (System.nanoTime() - deadline > 0) {
                        return Future.failedFuture("not within " + limit.toSeconds() + " s");
                    }
                    return pause().compose(v -> repeat(look, deadline, limit));
                });
    }

    Future<Void> pause() {
        return vertx.timer(LOOK_MS, TimeUnit.MILLISECONDS).mapEmpty();
    }
}
