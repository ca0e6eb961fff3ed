package io.seckill.schema.amqp;

import io.seckill.schema.config.ServerAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one {@link AmqpGeneration} after another open, with backoff. It belongs to the context that made it. Publishers
 * and consumers have links of their own, since RabbitMQ stops reading from a connection whose publisher it blocks.
 */
public final class AmqpLink {
    private static final Logger LOG = LoggerFactory.getLogger(AmqpLink.class);
    private static final int MAX_BACKOFF_MS = 2_000;

    private final Vertx vertx;
    private final Context context;
    private final ServerAddress address;
    private final String name;
    private final int confirmTimeoutMs;
    private final Function<AmqpGeneration, Future<?>> onOpen;

    private AmqpGeneration current;
    private boolean closed;
    private int failures;

    /**
     * @param name of the connection, in log lines and in RabbitMQ's list
     * @param onOpen runs on each new generation before it counts as up (verify, consume); a failure ends it
     */
    public AmqpLink(
            Vertx vertx,
            ServerAddress address,
            String name,
            int confirmTimeoutMs,
            Function<AmqpGeneration, Future<?>> onOpen) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.address = address;
        this.name = name;
        this.confirmTimeoutMs = confirmTimeoutMs;
        this.onOpen = onOpen;
    }

    /** Starts connecting, and goes on in the background for as long as it takes. */
    public AmqpLink open() {
        context.runOnContext(v -> connect());
        return this;
    }

    /** The generation that is up, or null. */
    public AmqpGeneration current() {
        return current;
    }

    public boolean isUp() {
        return current != null;
    }

    public Future<Void> close() {
        closed = true;
        AmqpGeneration last = current;
        current = null;
        return last == null ? Future.succeededFuture() : last.close();
    }

    private void connect() {
        if (closed) {
            return;
        }
        AmqpGeneration.open(vertx, address, name, confirmTimeoutMs)
                .compose(this::check)
                .onSuccess(this::up)
                .onFailure(this::retry);
    }

    // The end of the generation ends the check, whether or not the check notices.
    private Future<AmqpGeneration> check(AmqpGeneration generation) {
        Promise<AmqpGeneration> checked = Promise.promise();
        generation.ended().onSuccess(checked::tryFail);
        onOpen.apply(generation).onSuccess(v -> checked.tryComplete(generation)).onFailure(checked::tryFail);
        return checked.future().onFailure(e -> generation.close());
    }

    private void up(AmqpGeneration generation) {
        if (closed) {
            generation.close();
            return;
        }
        failures = 0;
        current = generation;
        LOG.info("{}: connected to RabbitMQ at {}", name, address.place());
        generation.ended().onSuccess(cause -> {
            current = null;
            retry(cause);
        });
    }

    private void retry(Throwable cause) {
        if (closed) {
            return;
        }
        int ceiling = Math.min(MAX_BACKOFF_MS, 50 << Math.min(failures++, 10));
        int delay = ceiling / 2 + ThreadLocalRandom.current().nextInt(ceiling / 2 + 1);
        LOG.warn(
                "{}: RabbitMQ at {}: {}; next try in {} ms",
                name,
                address.place(),
                String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
                delay);
        vertx.setTimer(delay, id -> connect());
    }
}
