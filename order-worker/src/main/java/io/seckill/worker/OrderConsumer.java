package io.seckill.worker;

import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpGeneration.Delivery;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.worker.Intake.Message;
import io.seckill.worker.rebuild.ConsumerSessions;
import io.seckill.worker.tracing.StoreTraces;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes order batches from RabbitMQ. While a transaction is in flight deliveries gather, and its end sends as many whole
 * messages as fit into the next one; a lone message never waits. The prefetch bounds what is here, so a MySQL that is away
 * stops the flow by itself. {@link OrderProcessor} does the rest.
 *
 * <p>Two connections, for two queues: when the order queue is gone, what is published meanwhile arrives in the unrouted one,
 * and that must go on.
 */
final class OrderConsumer extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(OrderConsumer.class);
    // Stored, and not announced yet: enough to hide the broker's confirm behind the next transaction.
    private static final int MAX_TRAILING = 2;
    /** Each with a prefetch of its own. */
    static final int QUEUES = 2;

    private final WorkerConfig config;
    private final String name;
    private final Readiness readiness;
    private final WorkerMetrics metrics;
    private final SettlingMetrics settling;
    private final DatabaseClock clock;
    private final ConsumerSessions sessions;
    private final StoreTraces traces;
    private final ArrayDeque<Message> gathered = new ArrayDeque<>();
    private final List<Intake> intakes = new ArrayList<>();
    private final List<AmqpLink> links = new ArrayList<>();

    private Topology topology;
    private MysqlLink mysql;
    private ConfirmedPublisher publisher;
    private OrderProcessor processor;
    private final Set<Future<Void>> trailing = new HashSet<>();
    private Future<?> inFlight = Future.succeededFuture();
    private boolean draining;

    /** @param name of this instance, in log lines and connection names */
    OrderConsumer(
            WorkerConfig config,
            String name,
            Readiness readiness,
            WorkerMetrics metrics,
            SettlingMetrics settling,
            DatabaseClock clock,
            ConsumerSessions sessions,
            StoreTraces traces) {
        this.config = config;
        this.name = name;
        this.readiness = readiness;
        this.metrics = metrics;
        this.settling = settling;
        this.clock = clock;
        this.sessions = sessions;
        this.traces = traces;
    }

    /** Starts connecting. Succeeds at once: what is not there yet shows in the readiness. */
    @Override
    public Future<?> start() {
        topology = new Topology(config.servers().amqpPrefix());
        mysql = new MysqlLink(
                        vertx, config.servers(), name, config.storeTimeoutMs(), readiness.part(Readiness.MYSQL, name))
                .open();
        publisher = new ConfirmedPublisher(
                        vertx, config, name + " publisher", readiness.part(Readiness.RABBITMQ, name + " publisher"))
                .open();
        processor = new OrderProcessor(
                vertx,
                mysql,
                new OrderStore(mysql, metrics),
                new DeadLetterPublisher(publisher, topology, metrics),
                new OrderAnnouncer(publisher, topology, clock, settling),
                traces,
                config.storeMaxOrders());
        Readiness.Part orders = readiness.part(Readiness.RABBITMQ, name + " orders");
        Readiness.Part unrouted = readiness.part(Readiness.RABBITMQ, name + " unrouted");
        link(name + " orders", topology.orderQueue(), orders);
        link(name + " unrouted", topology.unroutedQueue(), unrouted);
        return Future.succeededFuture();
    }

    /** Drains: no more deliveries, the transaction in flight to its end and its ack, then the connections. */
    @Override
    public Future<?> stop() {
        draining = true;
        processor.drain();
        publisher.drain();
        metrics.gathered(-gathered.size());
        gathered.clear();
        return Future.join(intakes.stream().map(Intake::cancel).toList())
                .eventually(() -> inFlight)
                .eventually(() -> Future.join(List.copyOf(trailing)))
                .eventually(
                        () -> Future.join(intakes.stream().map(Intake::acksSent).toList()))
                .eventually(
                        () -> Future.join(links.stream().map(AmqpLink::close).toList()))
                .eventually(publisher::close)
                .eventually(mysql::close)
                .otherwiseEmpty();
    }

    private void link(String linkName, String queue, Readiness.Part part) {
        links.add(new AmqpLink(
                        vertx,
                        config.servers().amqp(),
                        linkName,
                        config.confirmTimeoutMs(),
                        generation -> topology.declare(generation)
                                .onFailure(e -> part.down(String.valueOf(e.getMessage())))
                                .compose(v -> consume(generation, queue, part)))
                .open());
    }

    private Future<?> consume(AmqpGeneration generation, String queue, Readiness.Part part) {
        Intake intake = new Intake(generation, metrics);
        intakes.add(intake);
        generation.ended().onSuccess(cause -> {
            intakes.remove(intake);
            part.down(String.valueOf(cause.getMessage()));
        });
        return generation
                .consume(queue, config.prefetch(), delivery -> arrived(intake, delivery))
                .onSuccess(consumer -> {
                    intake.consuming(consumer);
                    sessions.opened(vertx, queue, () -> intake.settledSoFar(queue), generation.ended());
                    part.up();
                })
                .onFailure(e -> part.down(String.valueOf(e.getMessage())));
    }

    private void arrived(Intake intake, Delivery delivery) {
        Message message = intake.delivered(delivery);
        if (draining) {
            return;
        }
        CrashPoint.ORDER_DELIVERED.reach();
        gathered.add(message);
        metrics.gathered(1);
        storeNext();
    }

    private void storeNext() {
        if (draining || !inFlight.isComplete() || trailing.size() >= MAX_TRAILING) {
            return;
        }
        List<Message> messages = take();
        if (messages.isEmpty()) {
            return;
        }
        inFlight = Future.<Void>succeededFuture()
                .compose(v -> processor.process(messages))
                .onSuccess(this::settle);
        inFlight.onComplete(v -> storeNext(), failure -> {
            if (!draining) {
                LOG.error("{}: {} messages are given back to the broker", name, messages.size(), failure);
                messages.forEach(message -> message.intake().giveBack());
                storeNext();
            }
        });
    }

    /** Goes on behind the next transaction. */
    private void settle(Future<Void> rest) {
        trailing.add(rest);
        rest.onComplete(done -> {
            trailing.remove(rest);
            storeNext();
        });
    }

    /** As many whole messages as fit into a transaction, and at least one. What a dead generation delivered is dropped. */
    private List<Message> take() {
        List<Message> messages = new ArrayList<>();
        int orders = 0;
        while (!gathered.isEmpty()) {
            Message next = gathered.peek();
            boolean over = next.intake().isOver();
            if (!over && !messages.isEmpty() && orders + next.orders() > config.storeMaxOrders()) {
                break;
            }
            gathered.remove();
            metrics.gathered(-1);
            if (!over) {
                messages.add(next);
                orders += next.orders();
            }
        }
        return messages;
    }
}
