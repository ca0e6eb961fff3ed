package io.seckill.loadtest.simulation.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownListener;
import com.rabbitmq.client.ShutdownSignalException;
import io.seckill.loadtest.simulation.amqp.Broker.Message;
import io.seckill.loadtest.simulation.world.ProcessLife;
import io.seckill.loadtest.simulation.world.Stub;
import io.seckill.loadtest.simulation.world.World;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.rabbitmq.RabbitMQClient;
import io.vertx.rabbitmq.RabbitMQConfirmation;
import io.vertx.rabbitmq.RabbitMQConsumer;
import io.vertx.rabbitmq.RabbitMQMessage;
import io.vertx.rabbitmq.RabbitMQOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** vertx-rabbitmq-client as the product uses it, with recovery off: one connection, one channel in confirm mode. */
public final class RabbitConnections implements Channel.Client {
    private final World world;
    private final ProcessLife process;
    private final RabbitMQOptions options;
    private final List<ShutdownListener> shutdowns = new ArrayList<>();
    private final List<BlockedListener> blocks = new ArrayList<>();
    private final Map<String, Handler<RabbitMQMessage>> handlers = new LinkedHashMap<>();
    private Handler<RabbitMQConfirmation> confirms = c -> {};
    private Channel channel;
    private int prefetch;
    private int consumers;
    private long published;

    private RabbitConnections(World world, ProcessLife process, RabbitMQOptions options) {
        this.world = world;
        this.process = process;
        this.options = options;
    }

    public static RabbitMQClient client(World world, ProcessLife process, RabbitMQOptions options) {
        return Stub.of(RabbitMQClient.class, new RabbitConnections(world, process, options)::call);
    }

    @SuppressWarnings("unchecked")
    private Object call(String method, Object[] a) {
        switch (method) {
            case "start":
                return start();
            case "addConfirmListener":
                ReadStream<RabbitMQConfirmation> stream = Stub.of(ReadStream.class, (name, b) -> {
                    if (name.equals("handler")) {
                        confirms = (Handler<RabbitMQConfirmation>) b[0];
                    }
                    return null;
                });
                return Future.succeededFuture(stream);
            case "basicQos":
                prefetch = (Integer) a[1];
                channel.prefetch(prefetch);
                return Future.succeededFuture();
            case "basicConsumer":
                return consumer((String) a[0]);
            case "basicAck":
                channel.ack((Long) a[0], (Boolean) a[1]);
                return Future.succeededFuture();
            case "basicPublishWithDeliveryTag":
                long tag = ++published;
                ((Handler<Long>) a[4]).handle(tag);
                channel.publish(tag, (String) a[0], (String) a[1], (AMQP.BasicProperties) a[2], (Buffer) a[3]);
                return Future.succeededFuture();
            default:
                throw new IllegalStateException("the simulation has no RabbitMQClient." + method);
        }
    }

    private Future<Void> start() {
        Promise<Void> started = Promise.promise();
        world.scheduler().in(3 * world.latency(), process, new Object(), () -> {
            if (!world.broker().isUp()) {
                started.tryFail(new IOException("Connection refused"));
                return;
            }
            channel = new Channel(world.broker(), process, this);
            options.getMetricsCollector().newConnection(connection());
            options.getMetricsCollector().newChannel(ChannelStub.of(world.broker(), channel));
            started.tryComplete();
        });
        return started.future();
    }

    private Connection connection() {
        return Stub.of(Connection.class, (method, a) -> {
            switch (method) {
                case "addShutdownListener":
                    shutdowns.add((ShutdownListener) a[0]);
                    return null;
                case "addBlockedListener":
                    blocks.add((BlockedListener) a[0]);
                    return null;
                case "isOpen":
                    return channel.isOpen();
                case "createChannel":
                    return ChannelStub.of(world.broker(), channel);
                case "abort", "close":
                    channel.wire().close();
                    return null;
                default:
                    throw new IllegalStateException("the simulation has no Connection." + method);
            }
        });
    }

    private Future<RabbitMQConsumer> consumer(String queue) {
        Promise<RabbitMQConsumer> registered = Promise.promise();
        String tag = "consumer-" + ++consumers;
        RabbitMQConsumer consumer = Stub.of(RabbitMQConsumer.class, (method, a) -> {
            switch (method) {
                case "handler":
                    @SuppressWarnings("unchecked")
                    Handler<RabbitMQMessage> handler = (Handler<RabbitMQMessage>) a[0];
                    handlers.put(tag, handler);
                    return null;
                case "consumerTag":
                    return tag;
                case "isCancelled":
                    return false;
                default:
                    return null;
            }
        });
        channel.consume(queue, tag, () -> registered.tryComplete(consumer));
        return registered.future();
    }

    @Override
    public void delivered(String consumerTag, long tag, Message message) {
        Handler<RabbitMQMessage> handler = handlers.get(consumerTag);
        if (handler != null) {
            handler.handle(new Delivered(consumerTag, tag, message));
        }
    }

    @Override
    public void confirmed(long tag, boolean taken) {
        confirms.handle(new RabbitMQConfirmation(1, tag, false, taken));
    }

    @Override
    public void blocked(boolean blocked) {
        for (BlockedListener listener : blocks) {
            try {
                if (blocked) {
                    listener.handleBlocked("memory");
                } else {
                    listener.handleUnblocked();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void ended() {
        ShutdownSignalException cause = new ShutdownSignalException(true, false, null, null);
        shutdowns.forEach(listener -> listener.shutdownCompleted(cause));
    }

    private record Delivered(String consumerTag, long tag, Message message) implements RabbitMQMessage {
        @Override
        public Buffer body() {
            return message.body;
        }

        @Override
        public Envelope envelope() {
            return new Envelope(tag, message.deliveries > 1, "", "");
        }

        @Override
        public AMQP.BasicProperties properties() {
            return message.properties;
        }

        @Override
        public Integer messageCount() {
            return null;
        }
    }
}
