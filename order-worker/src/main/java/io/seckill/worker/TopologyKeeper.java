package io.seckill.worker;

import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts back what somebody deleted in a RabbitMQ that runs. Gateways cannot: their user may declare nothing, and a deleted
 * exchange ends none of the workers' connections.
 */
final class TopologyKeeper extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyKeeper.class);
    private static final int EVERY_MS = 5_000;

    private final WorkerConfig config;
    private final Topology topology;

    private AmqpLink link;

    TopologyKeeper(WorkerConfig config) {
        this.config = config;
        this.topology = new Topology(config.servers().amqpPrefix());
    }

    @Override
    public Future<?> start() {
        link = new AmqpLink(
                        vertx,
                        config.servers().amqp(),
                        config.instance() + " topology",
                        config.confirmTimeoutMs(),
                        topology::declare)
                .open();
        vertx.setPeriodic(EVERY_MS, id -> {
            AmqpGeneration current = link.current();
            if (current != null) {
                // Its connection ends with it, and the next one fails in the same way, which is told.
                topology.declare(current).onFailure(e -> LOG.debug("topology not declared", e));
            }
        });
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return link.close();
    }
}
