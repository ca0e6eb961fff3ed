package io.seckill.schema.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.NoOpMetricsCollector;
import io.seckill.schema.config.ServerAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.rabbitmq.QueueOptions;
import io.vertx.rabbitmq.RabbitMQClient;
import io.vertx.rabbitmq.RabbitMQConfirmation;
import io.vertx.rabbitmq.RabbitMQConsumer;
import io.vertx.rabbitmq.RabbitMQMessage;
import io.vertx.rabbitmq.RabbitMQOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One connection to RabbitMQ with one channel, from its opening to its end; it is never revived. So a delivery tag cannot
 * reach another channel than its own, and a confirm that did not come before the end never comes: it is unknown.
 * vertx-rabbitmq-client's own recovery would break both, hence it is off; {@link AmqpLink} makes the next generation.
 *
 * <p>All methods are called on the context that opened it, and all Futures complete there.
 */
public final class AmqpGeneration {
    private static final int HEARTBEAT_S = 5;
    private static final int CONNECT_TIMEOUT_MS = 3_000;

    private final Vertx vertx;
    private final Context context;
    private final int confirmTimeoutMs;
    private final Promise<Throwable> ended = Promise.promise();
    private final TreeMap<Long, Promise<Void>> unconfirmed = new TreeMap<>();

    private RabbitMQClient client;
    private volatile Connection connection;
    private volatile Channel channel;
    private boolean blocked;

    private AmqpGeneration(Vertx vertx, int confirmTimeoutMs) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.confirmTimeoutMs = confirmTimeoutMs;
    }

    /**
     * Opens a connection and its channel in confirm mode.
     *
     * @param name shown in RabbitMQ's list of connections
     * @param confirmTimeoutMs a confirm that takes longer ends the generation
     */
    public static Future<AmqpGeneration> open(Vertx vertx, ServerAddress address, String name, int confirmTimeoutMs) {
        AmqpGeneration generation = new AmqpGeneration(vertx, confirmTimeoutMs);
        return generation.connect(address, name).map(generation);
    }

    /** Completes, with the cause, when this generation is over. */
    public Future<Throwable> ended() {
        return ended.future();
    }

    /** RabbitMQ asked publishers to stop (memory or disk alarm). */
    public boolean isBlocked() {
        return blocked;
    }

    /** Messages published and not confirmed yet. */
    public int unconfirmed() {
        return unconfirmed.size();
    }

    /**
     * Publishes and waits for the broker's confirm.
     *
     * @return succeeds when confirmed; fails with {@link Unconfirmed} when that is not known, which never means that the
     *     message was not taken
     */
    public Future<Void> publish(String exchange, String routingKey, AMQP.BasicProperties properties, Buffer body) {
        return publish(exchange, routingKey, properties, body, () -> {});
    }

    /** @param sent runs when the message is on its way, as a rule before its confirm */
    public Future<Void> publish(
            String exchange, String routingKey, AMQP.BasicProperties properties, Buffer body, Runnable sent) {
        if (isOver()) {
            return Future.failedFuture(new Unconfirmed("the connection is over"));
        }
        Promise<Void> confirm = Promise.promise();
        // The tag comes on a worker thread before the bytes leave, so it is queued ahead of the confirm.
        guarded(() -> client.basicPublishWithDeliveryTag(
                        exchange, routingKey, properties, body, tag -> context.runOnContext(v -> await(tag, confirm))))
                .onSuccess(v -> sent.run())
                .onFailure(e -> {
                    end(e);
                    confirm.tryFail(new Unconfirmed(String.valueOf(e.getMessage())));
                });
        return confirm.future();
    }

    /** A message to be settled with {@link #ack} on the very generation that delivered it. */
    public record Delivery(AmqpGeneration generation, long tag, AMQP.BasicProperties properties, Buffer body) {}

    /**
     * Consumes with manual acks. The prefetch bounds what is in memory.
     *
     * @return succeeds when the consumer is registered; a cancel by the broker (queue deleted) ends the generation
     */
    public Future<RabbitMQConsumer> consume(String queue, int prefetch, Handler<Delivery> handler) {
        QueueOptions options = new QueueOptions()
                .setAutoAck(false)
                // The library drops what exceeds this, unacked; the prefetch never lets it come to that.
                .setMaxInternalQueueSize(2 * prefetch);
        return onChannel(c -> c.queueDeclarePassive(queue))
                .compose(declared -> client.basicQos(0, prefetch, false))
                .compose(v -> client.basicConsumer(queue, options).map(consumer -> {
                    // Here and not later: what arrives before there is a handler would be lost.
                    consumer.handler(message -> handler.handle(delivery(message)));
                    consumer.endHandler(end -> context.runOnContext(x -> consumerEnded(consumer, queue)));
                    return consumer;
                }));
    }

    /**
     * Acks one delivery, or all up to it. Once this generation is over it does nothing: the broker redelivers.
     *
     * @return succeeds when the ack is on its way
     */
    public Future<Void> ack(long tag, boolean multiple) {
        return isOver()
                ? Future.failedFuture(new Unconfirmed("the connection is over"))
                : guarded(() -> client.basicAck(tag, multiple)).onFailure(this::end);
    }

    /** Runs a task on the raw channel, on a worker thread, for what vertx-rabbitmq-client has no call for. */
    public <T> Future<T> onChannel(ChannelTask<T> task) {
        if (isOver()) {
            return Future.failedFuture(new Unconfirmed("the connection is over"));
        }
        return vertx.executeBlocking(() -> task.run(channel));
    }

    /** The same on a channel of its own, for what may fail: the broker ends a channel with the first call that fails. */
    public <T> Future<T> onChannelOfItsOwn(ChannelTask<T> task) {
        if (isOver()) {
            return Future.failedFuture(new Unconfirmed("the connection is over"));
        }
        return vertx.executeBlocking(() -> {
            Channel own = connection.createChannel();
            try {
                return task.run(own);
            } finally {
                own.abort();
            }
        });
    }

    /** A blocking call on the raw channel. */
    public interface ChannelTask<T> {
        T run(Channel channel) throws IOException;
    }

    /**
     * Waits for whatever the broker had already given to this channel.
     *
     * @param queue that is consumed here
     * @return succeeds when the consumers' handlers have been called with all that the broker had assigned to them before
     *     this call; fails when the generation ends before. A throwaway consumer tells: broker and client library keep the
     *     order of deliveries and of a consumer's registration on one channel.
     */
    public Future<Void> delivered(String queue) {
        Promise<Void> told = Promise.promise();
        ended().onSuccess(told::tryFail);
        onChannel(channel -> {
                    // Its answer comes from where the deliveries come from, so what was sent before is ahead of it.
                    channel.queueDeclarePassive(queue);
                    String last = channel.queueDeclare().getQueue();
                    channel.basicConsume(last, true, new DefaultConsumer(channel) {
                        @Override
                        public void handleConsumeOk(String consumerTag) {
                            context.runOnContext(v -> told.tryComplete());
                        }
                    });
                    // With its consumer, and before the next round.
                    return channel.queueDelete(last);
                })
                .onFailure(told::tryFail);
        return told.future();
    }

    public Future<Void> close() {
        end(new Unconfirmed("closed by this process"));
        return Future.succeededFuture();
    }

    /** The outcome of a publish is not known. */
    public static final class Unconfirmed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unconfirmed(String reason) {
            super(reason, null, false, false);
        }
    }

    private Future<Void> connect(ServerAddress address, String name) {
        RabbitMQOptions options = address.amqp()
                .setConnectionName(name)
                .setAutomaticRecoveryEnabled(false)
                .setAutomaticRecoveryOnInitialConnection(false)
                .setRequestedHeartbeat(HEARTBEAT_S)
                .setConnectionTimeout(CONNECT_TIMEOUT_MS)
                .setHandshakeTimeout(CONNECT_TIMEOUT_MS)
                .setMetricsCollector(new Capture());
        options.setReconnectAttempts(0);
        client = RabbitMQClient.create(vertx, options);
        return client.start()
                .compose(v -> client.addConfirmListener(Integer.MAX_VALUE))
                .map(confirms -> {
                    confirms.handler(this::settle);
                    return (Void) null;
                })
                .onFailure(this::end);
    }

    /**
     * The library hides its connection and channel, and with them the end of either and {@code connection.blocked}. A
     * metrics collector is the supported place where both are handed out. Called on a worker thread while connecting.
     */
    private final class Capture extends NoOpMetricsCollector {
        @Override
        public void newConnection(Connection opened) {
            connection = opened;
            opened.addShutdownListener(cause -> context.runOnContext(v -> end(cause)));
            opened.addBlockedListener(new BlockedListener() {
                @Override
                public void handleBlocked(String reason) {
                    context.runOnContext(v -> blocked = true);
                }

                @Override
                public void handleUnblocked() {
                    context.runOnContext(v -> blocked = false);
                }
            });
        }

        @Override
        public void newChannel(Channel opened) {
            if (channel != null) {
                // One for a single task: its end is not the end of this generation.
                return;
            }
            channel = opened;
            opened.addShutdownListener(cause -> context.runOnContext(v -> end(cause)));
        }
    }

    private boolean isOver() {
        return ended.future().isComplete() || channel == null || !channel.isOpen();
    }

    /** The library throws, rather than fails, when the connection ends under a call. */
    private static Future<Void> guarded(Supplier<Future<Void>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Delivery delivery(RabbitMQMessage message) {
        return new Delivery(
                this, message.envelope().getDeliveryTag(), (AMQP.BasicProperties) message.properties(), message.body());
    }

    private void await(long tag, Promise<Void> confirm) {
        if (ended.future().isComplete()) {
            confirm.tryFail(new Unconfirmed("the connection ended"));
            return;
        }
        unconfirmed.put(tag, confirm);
        long timer = vertx.setTimer(
                confirmTimeoutMs, id -> end(new Unconfirmed("no confirm within " + confirmTimeoutMs + " ms")));
        confirm.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void settle(RabbitMQConfirmation confirmation) {
        List<Promise<Void>> settled = new ArrayList<>();
        if (confirmation.isMultiple()) {
            var upTo = unconfirmed.headMap(confirmation.getDeliveryTag(), true);
            settled.addAll(upTo.values());
            upTo.clear();
        } else {
            Promise<Void> one = unconfirmed.remove(confirmation.getDeliveryTag());
            if (one != null) {
                settled.add(one);
            }
        }
        for (Promise<Void> confirm : settled) {
            if (confirmation.isSucceeded()) {
                confirm.tryComplete();
            } else {
                confirm.tryFail(new Unconfirmed("the broker did not take it"));
            }
        }
    }

    private void consumerEnded(RabbitMQConsumer consumer, String queue) {
        if (!consumer.isCancelled()) {
            end(new Unconfirmed("the broker cancelled the consumer of " + queue));
        }
    }

    private void end(Throwable cause) {
        if (!ended.tryComplete(cause)) {
            return;
        }
        List<Promise<Void>> unknown = new ArrayList<>(unconfirmed.values());
        unconfirmed.clear();
        unknown.forEach(confirm -> confirm.tryFail(new Unconfirmed(String.valueOf(cause.getMessage()))));
        Connection last = connection;
        if (last != null) {
            // Not client.stop(): it waits for a broker that may be silent. Unordered: a publish may be stuck ahead.
            vertx.executeBlocking(
                    () -> {
                        last.abort(1_000);
                        return null;
                    },
                    false);
        }
    }
}
