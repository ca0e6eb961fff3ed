package io.seckill.worker;

import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What the parts of a worker process tell each other after a commit, over the local event bus: orders of these sales
 * changed, and whether some of them ended. A hint: whoever hears it looks, and looks now and then anyway.
 */
final class Changes {
    private static final String STORED = "seckill.worker.stored";
    private static final String ENDED = "seckill.worker.ended";

    private Changes() {}

    static void stored(Vertx vertx, Collection<String> saleIds) {
        tell(vertx, STORED, saleIds);
    }

    static void ended(Vertx vertx, Collection<String> saleIds) {
        tell(vertx, ENDED, saleIds);
    }

    /** Calls back, on the caller's context, with the ids of sales of which an order changed in any way. */
    static void onAny(Vertx vertx, Consumer<Set<String>> changed) {
        on(vertx, STORED, changed);
        on(vertx, ENDED, changed);
    }

    static void onEnded(Vertx vertx, Consumer<Set<String>> changed) {
        on(vertx, ENDED, changed);
    }

    private static void on(Vertx vertx, String address, Consumer<Set<String>> changed) {
        vertx.eventBus()
                .<String>localConsumer(
                        address, message -> changed.accept(Set.of(message.body().split(" "))));
    }

    private static void tell(Vertx vertx, String address, Collection<String> saleIds) {
        if (!saleIds.isEmpty()) {
            vertx.eventBus().publish(address, String.join(" ", new TreeSet<>(saleIds)));
        }
    }
}
