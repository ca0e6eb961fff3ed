package io.seckill.worker.rebuild;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The consumers of this process through which an order can come: each from its registration at the broker to the end of
 * its connection. Safe on any thread.
 */
public final class ConsumerSessions {
    private final Map<String, Session> open = new ConcurrentHashMap<>();

    /** One consumer on one connection. */
    static final class Session {
        final String id = UUID.randomUUID().toString();
        final String queue;
        private final Context context;
        private final Supplier<Future<Void>> settled;

        private Session(String queue, Context context, Supplier<Future<Void>> settled) {
            this.queue = queue;
            this.context = context;
            this.settled = settled;
        }

        /** Asks on the consumer's context; the answer comes there too. */
        Future<Void> settled() {
            Promise<Void> answer = Promise.promise();
            context.runOnContext(v -> settled.get().onComplete(answer));
            return answer.future();
        }
    }

    /**
     * A consumer was registered at the broker.
     *
     * @param settled called on this context; succeeds when all that the broker gave this consumer before the call is in the
     *     ledger or a confirmed dead letter, and the connection still stands
     * @param ended completes with the connection
     */
    public void opened(Vertx vertx, String queue, Supplier<Future<Void>> settled, Future<?> ended) {
        Session session = new Session(queue, vertx.getOrCreateContext(), settled);
        open.put(session.id, session);
        ended.onComplete(done -> open.remove(session.id));
    }

    Collection<Session> open() {
        return List.copyOf(open.values());
    }
}
