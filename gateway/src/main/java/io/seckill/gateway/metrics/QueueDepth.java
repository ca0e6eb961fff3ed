package io.seckill.gateway.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many messages wait in RabbitMQ for a worker, asked now and then; unknown (NaN) while that cannot be asked. Over a
 * connection of its own that declares nothing: to ask for a queue that is not there ends it. One per process.
 */
public final class QueueDepth {
    private static final Logger LOG = LoggerFactory.getLogger(QueueDepth.class);
    private static final int EVERY_MS = 5_000;

    private final AmqpLink amqp;
    private final List<Queue> queues;
    private boolean busy;

    private static final class Queue {
        private final String name;
        private volatile double messages = Double.NaN;

        Queue(String name, String label, MeterRegistry registry) {
            this.name = name;
            Gauge.builder("seckill.queue.messages", this, queue -> queue.messages)
                    .description("Messages in RabbitMQ that wait for a worker, not counting what workers hold unacked")
                    .tag("queue", label)
                    .register(registry);
        }
    }

    /** @param amqp a link that nobody else uses */
    public QueueDepth(AmqpLink amqp, Topology topology, MeterRegistry registry) {
        this.amqp = amqp;
        this.queues = List.of(
                new Queue(topology.orderQueue(), "orders", registry),
                new Queue(topology.unroutedQueue(), "unrouted", registry),
                new Queue(topology.deadQueue(), "dead", registry));
    }

    public QueueDepth start(Vertx vertx) {
        vertx.setPeriodic(EVERY_MS, id -> look());
        return this;
    }

    private void look() {
        AmqpGeneration generation = amqp.current();
        if (generation == null) {
            queues.forEach(queue -> queue.messages = Double.NaN);
            return;
        }
        if (busy) {
            return;
        }
        busy = true;
        generation
                .<Void>onChannel(channel -> {
                    for (Queue queue : queues) {
                        queue.messages = channel.messageCount(queue.name);
                    }
                    return null;
                })
                .onFailure(e -> {
                    LOG.debug("the queues are not counted: {}", e.getMessage());
                    queues.forEach(queue -> queue.messages = Double.NaN);
                })
                .onComplete(done -> busy = false);
    }
}
