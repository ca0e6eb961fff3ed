package io.seckill.worker;

import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpGeneration.Delivery;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderBatch.MalformedMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.rabbitmq.RabbitMQConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one generation of a connection delivered and has not had settled. Acks go back to it and to no other; once it is over
 * they go nowhere, and the broker delivers again. Belongs to one context.
 */
final class Intake {
    private final AmqpGeneration generation;
    private final WorkerMetrics metrics;
    private final SettledTags tags = new SettledTags();
    private final TreeMap<Long, Promise<Void>> settled = new TreeMap<>();
    private RabbitMQConsumer consumer;
    private long lastDelivered;
    private int unacked;

    Intake(AmqpGeneration generation, WorkerMetrics metrics) {
        this.generation = generation;
        this.metrics = metrics;
        generation.ended().onSuccess(cause -> {
            metrics.released(unacked, false);
            unacked = 0;
            List<Promise<Void>> never = List.copyOf(settled.values());
            settled.clear();
            never.forEach(promise -> promise.fail(cause));
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
        lastDelivered = delivery.tag();
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

    /** Succeeds when all that the broker gave this consumer before the call is settled; fails when it ends before. */
    Future<Void> settledSoFar(String queue) {
        return generation.delivered(queue).compose(v -> {
            if (isOver()) {
                return Future.failedFuture("the connection is over");
            }
            return lastDelivered <= tags.through()
                    ? Future.succeededFuture()
                    : settled.computeIfAbsent(lastDelivered, tag -> Promise.promise())
                            .future();
        });
    }

    private void settle(List<Long> now) {
        if (isOver()) {
            return;
        }
        unacked -= now.size();
        metrics.released(now.size(), true);
        for (SettledTags.Ack ack : tags.settle(now)) {
            generation.ack(ack.tag(), ack.multiple()).onSuccess(v -> CrashPoint.ORDER_ACKED.reach());
        }
        Map<Long, Promise<Void>> through = settled.headMap(tags.through(), true);
        List<Promise<Void>> done = List.copyOf(through.values());
        through.clear();
        done.forEach(Promise::complete);
    }
}
