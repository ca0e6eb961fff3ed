package io.seckill.worker;

import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpGeneration.Delivery;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.order.OrderEnding;
import io.seckill.worker.DeadLetterPublisher.Letter;
import io.seckill.worker.Intake.Message;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Expires unpaid orders: those of which RabbitMQ reminds at the end of their payment window, and, a few seconds later, what
 * it lost. One per process. As with orders to be stored, what arrives while a transaction is in flight goes into the next
 * one, and the prefetch bounds what is here. {@link OrderExpiry} does the rest.
 */
final class DueOrderConsumer extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(DueOrderConsumer.class);
    private static final int SWEEP_EVERY_MS = 5_000;

    private final WorkerConfig config;
    private final String name;
    private final Readiness readiness;
    private final WorkerMetrics metrics;
    private final SettlingMetrics settling;
    private final DatabaseClock clock;
    private final ArrayDeque<Message> gathered = new ArrayDeque<>();

    private MysqlLink mysql;
    private ConfirmedPublisher publisher;
    private DeadLetterPublisher deadLetters;
    private OrderExpiry expiry;
    private AmqpLink link;
    private Intake intake;
    private Future<?> inFlight = Future.succeededFuture();
    private boolean sweepWanted = true;
    private boolean draining;

    DueOrderConsumer(
            WorkerConfig config,
            Readiness readiness,
            WorkerMetrics metrics,
            SettlingMetrics settling,
            DatabaseClock clock) {
        this.config = config;
        this.name = config.instance() + " due";
        this.readiness = readiness;
        this.metrics = metrics;
        this.settling = settling;
        this.clock = clock;
    }

    /** Starts connecting; succeeds at once. */
    @Override
    public Future<?> start() {
        Topology topology = new Topology(config.servers().amqpPrefix());
        mysql = new MysqlLink(
                        vertx, config.servers(), name, config.storeTimeoutMs(), readiness.part(Readiness.MYSQL, name))
                .open();
        publisher = new ConfirmedPublisher(
                        vertx,
                        config,
                        name + " dead letters",
                        readiness.part(Readiness.RABBITMQ, name + " dead letters"))
                .open();
        deadLetters = new DeadLetterPublisher(publisher, topology, metrics);
        expiry = new OrderExpiry(vertx, mysql, clock, settling);
        Readiness.Part rabbit = readiness.part(Readiness.RABBITMQ, name);
        link = new AmqpLink(
                        vertx, config.servers().amqp(), name, config.confirmTimeoutMs(), generation -> topology.declare(
                                        generation)
                                .onFailure(e -> rabbit.down(String.valueOf(e.getMessage())))
                                .compose(v -> consume(generation, topology.dueQueue(), rabbit)))
                .open();
        // Not all processes at the same time.
        int every = SWEEP_EVERY_MS - ThreadLocalRandom.current().nextInt(SWEEP_EVERY_MS / 5);
        vertx.setPeriodic(1, every, id -> {
            sweepWanted = true;
            next();
        });
        return Future.succeededFuture();
    }

    /** Finishes the transaction in flight and its acks. */
    @Override
    public Future<?> stop() {
        draining = true;
        expiry.drain();
        publisher.drain();
        gathered.clear();
        Future<Void> cancelled = intake == null ? Future.succeededFuture() : intake.cancel();
        return cancelled
                .eventually(() -> inFlight)
                .eventually(() -> intake == null ? Future.succeededFuture() : intake.acksSent())
                .eventually(link::close)
                .eventually(publisher::close)
                .eventually(mysql::close)
                .otherwiseEmpty();
    }

    private Future<?> consume(AmqpGeneration generation, String queue, Readiness.Part part) {
        Intake opened = new Intake(generation, metrics);
        intake = opened;
        generation.ended().onSuccess(cause -> part.down(String.valueOf(cause.getMessage())));
        return generation
                .consume(queue, config.prefetch(), delivery -> arrived(opened, delivery))
                .onSuccess(consumer -> {
                    opened.consuming(consumer);
                    part.up();
                })
                .onFailure(e -> part.down(String.valueOf(e.getMessage())));
    }

    private void arrived(Intake from, Delivery delivery) {
        if (!draining) {
            gathered.add(from.delivered(delivery));
            next();
        }
    }

    private void next() {
        if (draining || !inFlight.isComplete()) {
            return;
        }
        List<Message> messages = take();
        if (!messages.isEmpty()) {
            inFlight = settle(messages);
            inFlight.onComplete(v -> next(), failure -> giveBack(messages, failure));
        } else if (sweepWanted) {
            sweepWanted = false;
            inFlight = expiry.sweep()
                    .onSuccess(more -> sweepWanted |= more)
                    .onFailure(e -> LOG.debug("{}: no sweep: {}", name, e.getMessage()));
            inFlight.onComplete(done -> next());
        }
    }

    private Future<Void> settle(List<Message> messages) {
        List<Letter> letters = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Message message : messages) {
            if (message.batch() == null) {
                letters.add(new Letter(
                        Refusal.MALFORMED,
                        message.malformed(),
                        message.delivery().body()));
            } else {
                StorePlan.of(List.of(message.batch())).rows().forEach(row -> ids.add(row.orderId()));
            }
        }
        return expiry.expire(ids).compose(v -> deadLetters.publish(letters)).onSuccess(v -> Intake.ack(messages));
    }

    private void giveBack(List<Message> messages, Throwable failure) {
        if (!draining) {
            LOG.error("{}: {} messages are given back to the broker", name, messages.size(), failure);
            messages.forEach(message -> message.intake().giveBack());
            next();
        }
    }

    /** As many whole messages as fit into a transaction. What a dead generation delivered is dropped. */
    private List<Message> take() {
        List<Message> messages = new ArrayList<>();
        int orders = 0;
        while (!gathered.isEmpty() && orders + gathered.peek().orders() <= OrderEnding.MAX_ORDERS) {
            Message next = gathered.remove();
            if (!next.intake().isOver()) {
                messages.add(next);
                orders += next.orders();
            }
        }
        return messages;
    }
}
