package io.seckill.loadtest.simulation.amqp;

import io.seckill.loadtest.simulation.amqp.Broker.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A quorum queue: what was delivered and not acked comes again, at the front, when its channel ends. */
final class Queue {
    private static final long MS = 1_000_000L;

    private final Broker broker;
    private final String name;
    private final String deadLetterExchange;
    private final int deliveryLimit;
    private final ArrayDeque<Message> ready = new ArrayDeque<>();
    private final List<Channel.Consumer> consumers = new ArrayList<>();
    private int unacked;
    private int next;

    Queue(Broker broker, String name, Map<String, Object> arguments) {
        this.broker = broker;
        this.name = name;
        this.deadLetterExchange = (String) arguments.get("x-dead-letter-exchange");
        this.deliveryLimit = arguments.get("x-delivery-limit") instanceof Number limit ? limit.intValue() : 0;
    }

    String name() {
        return name;
    }

    int ready() {
        return ready.size();
    }

    int consumers() {
        return consumers.size();
    }

    int size() {
        return ready.size() + unacked;
    }

    void add(Message message) {
        ready.add(message);
        if (message.properties.getExpiration() != null) {
            long ttl = Long.parseLong(message.properties.getExpiration());
            broker.world().scheduler().in(ttl * MS, null, this, this::expire);
        }
        deliver();
    }

    // Only what is at the head expires, as in RabbitMQ; one behind a longer one waits for that.
    private void expire() {
        Message head = ready.peek();
        if (head != null && head.properties.getExpiration() != null && deadLetterExchange != null) {
            ready.poll();
            broker.route(
                    deadLetterExchange,
                    name,
                    head.properties.builder().expiration(null).build(),
                    head.body);
        }
    }

    void consume(Channel.Consumer consumer) {
        consumers.add(consumer);
        deliver();
    }

    void cancel(Channel.Consumer consumer) {
        consumers.remove(consumer);
    }

    void acked() {
        unacked--;
        deliver();
    }

    /** Comes again. */
    void requeue(List<Message> messages) {
        unacked -= messages.size();
        for (int i = messages.size() - 1; i >= 0; i--) {
            Message message = messages.get(i);
            if (deliveryLimit > 0 && message.deliveries > deliveryLimit && deadLetterExchange != null) {
                broker.route(deadLetterExchange, name, message.properties, message.body);
            } else {
                ready.addFirst(message);
            }
        }
        deliver();
    }

    void deliver() {
        while (!ready.isEmpty()) {
            Channel.Consumer consumer = nextFree();
            if (consumer == null) {
                return;
            }
            Message message = ready.poll();
            message.deliveries++;
            unacked++;
            consumer.deliver(message);
            broker.world().delivered(consumer.process(), name);
        }
    }

    private Channel.Consumer nextFree() {
        for (int i = 0; i < consumers.size(); i++) {
            Channel.Consumer consumer = consumers.get(next++ % consumers.size());
            if (consumer.hasRoom()) {
                return consumer;
            }
        }
        return null;
    }
}
