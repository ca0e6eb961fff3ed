package io.seckill.loadtest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * One event loop on which clients are used, whoever asks. An answer that comes before its reader is there is lost, and a
 * caller on a thread of its own can be late: it waits for ever then.
 */
public final class Loop {
    private final Context context;

    public Loop(Vertx vertx) {
        this.context = vertx.getOrCreateContext();
    }

    /** Starts something on the loop; it completes there. */
    public <T> Future<T> run(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(v -> {
            try {
                work.get().onComplete(done);
            } catch (RuntimeException e) {
                done.fail(e);
            }
        });
        return done.future();
    }
}
