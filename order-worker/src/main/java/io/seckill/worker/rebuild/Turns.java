package io.seckill.worker.rebuild;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Lets pieces of work that must not mix, as transactions on one connection, follow one another. Belongs to one context. */
final class Turns {
    private Future<?> last = Future.succeededFuture();

    <T> Future<T> take(Supplier<Future<T>> work) {
        Future<T> mine = last.transform(before -> work.get());
        last = mine;
        return mine;
    }
}
