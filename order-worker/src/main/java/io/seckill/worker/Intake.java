package io.seckill.worker;

import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpGeneration.Delivery;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderBatch.MalformedMessage;
import io.vertx.core.Future;
import io.vertx.rabbitmq.RabbitMQConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one generation of a connection delivered and has not had settled. Acks go back to it and to no other; once it is over
 * they go nowhere, and the broker delivers again. Belongs to one context.
 */
final class Intake {
    private final AmqpGeneration generation;
    private final WorkerMetrics metrics;
    private final SettledTags tags = new SettledTags();
    private RabbitMQConsumer consumer;
    private int unacked;

    Intake(AmqpGeneration generation, WorkerMetrics metrics) {
        this.generation = generation;
        this.metrics = metrics;
        generation.ended().onSuccess(cause -> {
            metrics.released(unacked, false);
            unacked = 0;
        });
    }

    /**
     * A delivery, decoded.
     *
     * @param batch null if the message is malformed
     * @param malformed what is wrong with it, or null
     */
    record Message(Intake intake, Delivery delivery, OrderBatch batch, String malformed) {
        int orders() {
            return batch == null ? 0 : batch.orders();
        }
    }

    Message delivered(Delivery delivery) {
        unacked++;
        metrics.delivered();
        String type = delivery.properties().getType();
        if (type != null && !type.equals(OrderBatch.TYPE)) {
            return new Message(this, delivery, null, "unknown type");
        }
        try {
            return new Message(this, delivery, OrderBatch.decode(delivery.body()), null);
        } catch (MalformedMessage e) {
            return new Message(this, delivery, null, e.getMessage());
        }
    }

    void consuming(RabbitMQConsumer started) {
        consumer = started;
    }

    boolean isOver() {
        return generation.ended().isComplete();
    }

    /** Acks messages, of whichever intakes, in as few acks as possible. */
    static void ack(List<Message> settled) {
        Map<Intake, List<Long>> byIntake = settled.stream()
                .collect(Collectors.groupingBy(
                        Message::intake,
                        Collectors.mapping(
                                message -> message.delivery().tag(), Collectors.toCollection(ArrayList::new))));
        byIntake.forEach(Intake::settle);
    }

    /** Lets the broker deliver no more to this consumer. */
    Future<Void> cancel() {
        if (consumer == null || isOver()) {
            return Future.succeededFuture();
        }
        String tag = consumer.consumerTag();
        // Not consumer.cancel(): it waits for the broker on the event loop.
        return generation
                .<Void>onChannel(channel -> {
                    channel.basicCancel(tag);
                    return null;
                })
                .otherwiseEmpty();
    }

    /** Completes when all acks before it were handed to the broker's connection. */
    Future<Void> acksSent() {
        return isOver()
                ? Future.succeededFuture()
                : generation.<Void>onChannel(channel -> null).otherwiseEmpty();
    }

    /** Ends the generation: the broker delivers again all that is unacked. */
    Future<Void> giveBack() {
        return generation.close();
    }

    private void settle(List<Long> settled) {
        if (isOver()) {
            return;
        }
        unacked -= settled.size();
        metrics.released(settled.size(), true);
        for (SettledTags.Ack ack : tags.settle(settled)) {
            generation.ack(ack.tag(), ack.multiple()).onSuccess(v -> CrashPoint.ORDER_ACKED.reach());
        }
    }
}
