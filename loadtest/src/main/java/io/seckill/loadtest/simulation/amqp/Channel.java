package io.seckill.loadtest.simulation.amqp;

import com.rabbitmq.client.AMQP;
import io.seckill.loadtest.simulation.amqp.Broker.Message;
import io.seckill.loadtest.simulation.world.ProcessLife;
import io.seckill.loadtest.simulation.world.Wire;
import io.seckill.loadtest.simulation.world.World;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A connection with its one channel, seen from the broker: unacked deliveries, consumers, confirms. */
final class Channel {
    private static final long MS = 1_000_000L;
    private static final long HEARTBEAT_NANOS = 10_000 * MS;

    /** What the client hears. */
    interface Client {
        void delivered(String consumerTag, long tag, Message message);

        void confirmed(long tag, boolean taken);

        void blocked(boolean blocked);

        void ended();
    }

    /** A consumer of a queue, with its share of the prefetch. */
    final class Consumer {
        private final String tag;
        private final Queue queue;
        private int delivered;

        Consumer(String tag, Queue queue) {
            this.tag = tag;
            this.queue = queue;
        }

        ProcessLife process() {
            return wire.client();
        }

        boolean hasRoom() {
            return delivered < prefetch;
        }

        void deliver(Message message) {
            delivered++;
            long number = ++lastDelivery;
            unacked.put(number, new Unacked(this, message));
            wire.down(() -> client.delivered(tag, number, message));
        }
    }

    private record Unacked(Consumer consumer, Message message) {}

    private final Broker broker;
    private final World world;
    private final Client client;
    private final Wire wire;
    private final Map<Long, Unacked> unacked = new LinkedHashMap<>();
    private final Map<String, Consumer> consumers = new LinkedHashMap<>();
    private final List<Runnable> unread = new ArrayList<>();
    private int prefetch = Integer.MAX_VALUE;
    private long lastDelivery;
    private boolean blocked;

    Channel(Broker broker, ProcessLife process, Client client) {
        this.broker = broker;
        this.world = broker.world();
        this.client = client;
        this.wire = new Wire(world, process, world::latency, HEARTBEAT_NANOS, client::ended, this::gone);
        broker.opened(this);
    }

    Wire wire() {
        return wire;
    }

    boolean isOpen() {
        return wire.isOpen();
    }

    void cut() {
        world.trace("the connection of " + wire.client() + " to rabbitmq is cut");
        wire.cut();
    }

    void serverCloses() {
        wire.serverCloses();
    }

    void block(boolean now) {
        blocked = now;
        wire.down(() -> client.blocked(now));
        if (!now) {
            List<Runnable> read = List.copyOf(unread);
            unread.clear();
            read.forEach(Runnable::run);
        }
    }

    void prefetch(int count) {
        prefetch = count;
    }

    /** @param registered told when the broker has it; what is delivered comes after that */
    void consume(String queueName, String tag, Runnable registered) {
        wire.up(() -> {
            Queue queue = broker.queue(queueName);
            if (queue == null) {
                wire.serverCloses();
                return;
            }
            wire.down(registered);
            Consumer consumer = new Consumer(tag, queue);
            consumers.put(tag, consumer);
            queue.consume(consumer);
        });
    }

    void cancel(String tag) {
        Consumer consumer = consumers.remove(tag);
        if (consumer != null) {
            consumer.queue.cancel(consumer);
        }
    }

    void publish(long tag, String exchange, String key, AMQP.BasicProperties properties, Buffer body) {
        wire.up(() -> {
            if (blocked) {
                unread.add(() -> take(tag, exchange, key, properties, body));
            } else {
                take(tag, exchange, key, properties, body);
            }
        });
    }

    // Written to disk some time later, and confirmed then; or the node loses it before that.
    private void take(long tag, String exchange, String key, AMQP.BasicProperties properties, Buffer body) {
        long held = world.holdNanos(wire.client(), exchange);
        if (held < 0) {
            return;
        }
        world.scheduler().in(held + world.diskNanos(), null, this, () -> {
            if (!broker.isUp()) {
                return;
            }
            if (world.refusesMessage()) {
                wire.down(() -> client.confirmed(tag, false));
                return;
            }
            broker.route(exchange, key, properties, body);
            world.served(wire.client(), exchange);
            world.scheduler().in(world.confirmNanos(), null, this, () -> wire.down(() -> client.confirmed(tag, true)));
        });
    }

    void ack(long tag, boolean multiple) {
        wire.up(() -> {
            List<Long> tags = new ArrayList<>();
            if (multiple) {
                unacked.keySet().stream().filter(one -> one <= tag).forEach(tags::add);
            } else if (unacked.containsKey(tag)) {
                tags.add(tag);
            }
            if (tags.isEmpty()) {
                world.trace("rabbitmq closes a channel of " + wire.client() + ": unknown delivery tag " + tag);
                wire.serverCloses();
                return;
            }
            for (long one : tags) {
                Unacked acked = unacked.remove(one);
                acked.consumer.delivered--;
                acked.consumer.queue.acked();
            }
        });
    }

    private void gone() {
        broker.closed(this);
        consumers.values().forEach(consumer -> consumer.queue.cancel(consumer));
        consumers.clear();
        Map<Queue, List<Message>> back = new LinkedHashMap<>();
        unacked.values().forEach(one -> back.computeIfAbsent(one.consumer.queue, queue -> new ArrayList<>())
                .add(one.message));
        unacked.clear();
        back.forEach(Queue::requeue);
    }

    /** A call that waits for its reply; fails when the connection is over. */
    <T> T roundTrip(Supplier<T> call) {
        wire.client().roundTrip(wire.roundTripNanos());
        return call.get();
    }
}
