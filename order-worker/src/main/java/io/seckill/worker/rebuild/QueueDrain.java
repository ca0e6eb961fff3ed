package io.seckill.worker.rebuild;

import io.vertx.core.Future;

/** Knows when no order is on its way any more. */
public interface QueueDrain {
    /**
     * Waits for what was under way.
     *
     * @return succeeds when every order that RabbitMQ had confirmed before the call is in the ledger, or among its dead
     *     letters; however long that takes
     */
    Future<Void> drained();
}
