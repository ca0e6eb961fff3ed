package io.seckill.worker;

import com.rabbitmq.client.AMQP;
import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes for a worker, on a connection of its own, and says so only after RabbitMQ's confirm. Belongs to the context that
 * made it. What it holds is bounded by its callers, who wait.
 */
public final class ConfirmedPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(ConfirmedPublisher.class);
    private static final long DECLARED_FOR_NANOS = 1_000_000_000L;

    private static final int BRIEF_TRIES = 6;

    private final Vertx vertx;
    private final Topology topology;
    private final AmqpLink link;
    private final Readiness.Part readiness;
    // By payment window, when the broker was asked last.
    private final Map<Integer, Long> delaysDeclared = new HashMap<>();
    private boolean draining;

    /** @param name of the connection */
    public ConfirmedPublisher(Vertx vertx, WorkerConfig config, String name, Readiness.Part readiness) {
        this.vertx = vertx;
        this.topology = new Topology(config.servers().amqpPrefix());
        this.readiness = readiness;
        this.link = new AmqpLink(vertx, config.servers().amqp(), name, config.confirmTimeoutMs(), this::declare);
    }

    public ConfirmedPublisher open() {
        link.open();
        return this;
    }

    /**
     * Publishes until it is confirmed, with backoff: the message may arrive twice, never not at all.
     *
     * @return fails only when a drain began before
     */
    public Future<Void> publish(String exchange, String routingKey, AMQP.BasicProperties properties, Buffer body) {
        return untilConfirmed(
                () -> publishOnce(exchange, routingKey, properties, body), new Backoff(50, 2_000), Integer.MAX_VALUE);
    }

    /**
     * The same, and each time only after the broker said that a queue is there which the message is meant for: what can be
     * routed nowhere is confirmed all the same. A queue that is missing ends the connection, and the next one declares it.
     */
    Future<Void> publish(
            String exchange, String routingKey, AMQP.BasicProperties properties, Buffer body, String queue) {
        return untilConfirmed(
                () -> connected(generation -> generation
                        .onChannel(channel -> channel.queueDeclarePassive(queue))
                        .compose(there -> generation.publish(exchange, routingKey, properties, body))),
                new Backoff(50, 2_000),
                Integer.MAX_VALUE);
    }

    /**
     * Tries for about half a second: RabbitMQ refuses what goes to a quorum queue that another worker is just declaring,
     * until that has a leader. A failure does not say that the message was not taken.
     */
    Future<Void> publishBriefly(String exchange, String routingKey, AMQP.BasicProperties properties, Buffer body) {
        return untilConfirmed(
                () -> publishOnce(exchange, routingKey, properties, body), new Backoff(20, 500), BRIEF_TRIES);
    }

    /** Tries once. A failure does not say that the message was not taken. */
    Future<Void> publishOnce(String exchange, String routingKey, AMQP.BasicProperties properties, Buffer body) {
        return connected(generation -> generation.publish(exchange, routingKey, properties, body));
    }

    /**
     * Sees to it that the delay queue of a payment window is there. Asks the broker once a second and connection: a queue
     * that is deleted meanwhile would swallow what is confirmed, since the default exchange has no alternate one.
     */
    Future<Void> declareDelay(int windowSeconds) {
        return connected(generation -> declareDelay(generation, windowSeconds));
    }

    private Future<Void> declareDelay(AmqpGeneration generation, int windowSeconds) {
        long now = System.nanoTime();
        delaysDeclared.values().removeIf(declared -> now - declared > DECLARED_FOR_NANOS);
        if (delaysDeclared.containsKey(windowSeconds)) {
            return Future.succeededFuture();
        }
        return generation
                .<Void>onChannel(channel -> {
                    topology.declareDelay(channel, windowSeconds);
                    return null;
                })
                .onSuccess(v -> {
                    if (link.current() == generation) {
                        delaysDeclared.put(windowSeconds, now);
                    }
                });
    }

    /** From now on nothing is tried twice. */
    public void drain() {
        draining = true;
    }

    public Future<Void> close() {
        draining = true;
        return link.close();
    }

    private Future<Void> connected(Function<AmqpGeneration, Future<Void>> call) {
        AmqpGeneration generation = link.current();
        return generation == null ? Future.failedFuture("not connected to RabbitMQ") : call.apply(generation);
    }

    private Future<Void> untilConfirmed(Supplier<Future<Void>> attempt, Backoff backoff, int tries) {
        Promise<Void> confirmed = Promise.promise();
        attempt(attempt, backoff, tries, confirmed);
        return confirmed.future();
    }

    private void attempt(Supplier<Future<Void>> attempt, Backoff backoff, int tries, Promise<Void> confirmed) {
        attempt.get().onSuccess(v -> confirmed.complete()).onFailure(e -> {
            if (draining || tries == 1) {
                confirmed.fail(e);
                return;
            }
            int delay = backoff.nextMs();
            LOG.debug("a message is not confirmed ({}); next try in {} ms", e.getMessage(), delay);
            vertx.setTimer(delay, id -> attempt(attempt, backoff, tries - 1, confirmed));
        });
    }

    private Future<?> declare(AmqpGeneration generation) {
        delaysDeclared.clear();
        generation.ended().onSuccess(cause -> readiness.down(String.valueOf(cause.getMessage())));
        return topology.declareAndProbe(generation)
                .onSuccess(v -> readiness.up())
                .onFailure(e -> readiness.down(String.valueOf(e.getMessage())));
    }
}
