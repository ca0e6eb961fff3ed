package io.seckill.worker;

import com.rabbitmq.client.AMQP;
import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what can never be stored to the dead-letter exchange, and says so only after RabbitMQ confirmed it. On a connection
 * of its own. Belongs to the context that made it.
 */
final class DeadLetterPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterPublisher.class);

    private final Vertx vertx;
    private final Topology topology;
    private final AmqpLink link;
    private final Readiness.Part readiness;
    private boolean draining;

    DeadLetterPublisher(Vertx vertx, WorkerConfig config, String name, Readiness.Part readiness) {
        this.vertx = vertx;
        this.topology = new Topology(config.servers().amqpPrefix());
        this.readiness = readiness;
        this.link =
                new AmqpLink(vertx, config.servers().amqpUri(), name, config.confirmTimeoutMs(), this::verifyExchange);
    }

    void open() {
        link.open();
    }

    /** A dead letter. {@code detail} may tell more than the reason, which is one of a fixed set. */
    record Letter(String reason, String detail, Buffer body) {
        String header() {
            return detail.isEmpty() ? reason : reason + ": " + detail;
        }
    }

    /**
     * Publishes until it is confirmed, with backoff: a letter may arrive twice, never not at all.
     *
     * @return fails only when a drain began before
     */
    Future<Void> publish(Letter letter) {
        Promise<Void> confirmed = Promise.promise();
        publish(letter, new Backoff(50, 2_000), confirmed);
        return confirmed.future();
    }

    /** From now on nothing is tried twice. */
    void drain() {
        draining = true;
    }

    Future<Void> close() {
        draining = true;
        return link.close();
    }

    private void publish(Letter letter, Backoff backoff, Promise<Void> confirmed) {
        AmqpGeneration generation = link.current();
        AMQP.BasicProperties properties = Topology.orderBatchProperties()
                .builder()
                .headers(Map.of(Topology.REASON_HEADER, letter.header()))
                .build();
        Future<Void> attempt = generation == null
                ? Future.failedFuture("not connected to RabbitMQ")
                : generation.publish(topology.deadExchange(), "", properties, letter.body());
        attempt.onSuccess(v -> confirmed.complete()).onFailure(e -> {
            if (draining) {
                confirmed.fail(e);
                return;
            }
            int delay = backoff.nextMs();
            LOG.debug("a dead letter is not confirmed ({}); next try in {} ms", e.getMessage(), delay);
            vertx.setTimer(delay, id -> publish(letter, backoff, confirmed));
        });
    }

    private Future<?> verifyExchange(AmqpGeneration generation) {
        generation.ended().onSuccess(cause -> readiness.down(String.valueOf(cause.getMessage())));
        return generation
                .onChannel(channel -> {
                    channel.exchangeDeclarePassive(topology.deadExchange());
                    return channel.queueDeclarePassive(topology.deadQueue());
                })
                .onSuccess(v -> readiness.up());
    }
}
