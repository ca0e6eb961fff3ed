package io.seckill.worker;

import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpGeneration.Delivery;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.worker.rebuild.ConsumerSessions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.rabbitmq.RabbitMQConsumer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dead letters into MySQL, where the audit counts them and the operator finds them. One per process; letters that
 * several of them write are one row. It acks after the commit and tries again for as long as it takes.
 */
final class DeadLetterRecorder extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterRecorder.class);
    private static final int PREFETCH = 64;

    private final WorkerConfig config;
    private final String name;
    private final Readiness readiness;
    private final WorkerMetrics metrics;
    private final ConsumerSessions sessions;
    private final ArrayDeque<Delivery> gathered = new ArrayDeque<>();

    private MysqlLink mysql;
    private AmqpLink link;
    private AmqpGeneration generation;
    private RabbitMQConsumer consumer;
    private Future<Void> inFlight = Future.succeededFuture();
    private boolean draining;

    DeadLetterRecorder(WorkerConfig config, Readiness readiness, WorkerMetrics metrics, ConsumerSessions sessions) {
        this.config = config;
        this.name = config.instance() + " recorder";
        this.readiness = readiness;
        this.metrics = metrics;
        this.sessions = sessions;
    }

    /** Starts connecting; succeeds at once. */
    @Override
    public Future<?> start() {
        Topology topology = new Topology(config.servers().amqpPrefix());
        Readiness.Part rabbit = readiness.part(Readiness.RABBITMQ, name);
        mysql = new MysqlLink(
                        vertx, config.servers(), name, config.storeTimeoutMs(), readiness.part(Readiness.MYSQL, name))
                .open();
        link = new AmqpLink(vertx, config.servers().amqp(), name, config.confirmTimeoutMs(), opened -> topology.declare(
                                opened)
                        .onFailure(e -> rabbit.down(String.valueOf(e.getMessage())))
                        .compose(v -> consume(opened, topology.deadQueue(), rabbit)))
                .open();
        return Future.succeededFuture();
    }

    /** Finishes the transaction in flight and its acks. */
    @Override
    public Future<?> stop() {
        draining = true;
        mysql.drain();
        gathered.clear();
        return inFlight.otherwiseEmpty()
                .compose(v -> acksSent())
                .eventually(link::close)
                .eventually(mysql::close)
                .otherwiseEmpty();
    }

    private Future<?> consume(AmqpGeneration opened, String queue, Readiness.Part rabbit) {
        generation = opened;
        opened.ended().onSuccess(cause -> rabbit.down(String.valueOf(cause.getMessage())));
        return opened.consume(queue, PREFETCH, delivery -> {
                    gathered.add(delivery);
                    recordNext();
                })
                .onSuccess(started -> {
                    consumer = started;
                    sessions.opened(vertx, queue, () -> settledSoFar(opened, queue), opened.ended());
                    rabbit.up();
                })
                .onFailure(e -> rabbit.down(String.valueOf(e.getMessage())));
    }

    private void recordNext() {
        if (draining || !inFlight.isComplete()) {
            return;
        }
        List<Delivery> deliveries = new ArrayList<>();
        for (Delivery next = gathered.poll(); next != null; next = gathered.poll()) {
            if (!next.generation().ended().isComplete()) {
                deliveries.add(next);
            }
        }
        if (deliveries.isEmpty()) {
            return;
        }
        List<DeadLetter> letters = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            letters.addAll(DeadLetter.of(delivery.properties(), delivery.body()));
        }
        Promise<Void> recorded = Promise.promise();
        inFlight = recorded.future();
        record(letters, new Backoff(50, 2_000), recorded);
        inFlight.onSuccess(v -> {
            CrashPoint.DEAD_LETTER_RECORDED.reach();
            deliveries.forEach(delivery -> delivery.generation().ack(delivery.tag(), false));
            metrics.recorded(letters.size());
            recordNext();
        });
    }

    private void record(List<DeadLetter> letters, Backoff backoff, Promise<Void> recorded) {
        mysql.transaction(connection -> record(connection, letters)).onComplete(recorded::complete, failure -> {
            if (draining) {
                recorded.fail(failure);
                return;
            }
            int delay = backoff.nextMs();
            LOG.warn(
                    "{}: {} dead letters wait for MySQL: {}; next try in {} ms",
                    name,
                    letters.size(),
                    failure.getMessage(),
                    delay);
            vertx.timer(delay)
                    .compose(v -> mysql.up())
                    .onComplete(v -> record(letters, backoff, recorded), recorded::fail);
        });
    }

    private static Future<Void> record(MySQLConnection connection, List<DeadLetter> letters) {
        return acceptEpochs(connection, letters)
                .compose(accepted -> insert(connection, letters, accepted))
                .mapEmpty();
    }

    // What is gathered goes into the transaction after the one in flight; with it, all of now is recorded.
    private Future<Void> settledSoFar(AmqpGeneration opened, String queue) {
        return opened.delivered(queue).compose(v -> {
            if (draining) {
                return Future.failedFuture("this worker drains");
            }
            recordNext();
            return inFlight.compose(recorded -> inFlight);
        });
    }

    /** By sale, in the order of the locks that it takes. A sale that does not exist is left out. */
    private static Future<Map<String, Integer>> acceptEpochs(MySQLConnection connection, List<DeadLetter> letters) {
        Map<String, Integer> accepted = new HashMap<>();
        List<Future<?>> reads = letters.stream()
                .map(DeadLetter::saleId)
                .filter(saleId -> saleId != null)
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .<Future<?>>map(saleId -> connection
                        .preparedQuery(DeadLetter.ACCEPT_EPOCH)
                        .execute(Tuple.of(saleId))
                        .onSuccess(rows -> rows.forEach(row -> accepted.put(saleId, row.getInteger("accept_epoch")))))
                .toList();
        return Future.all(reads).map(accepted);
    }

    private static Future<?> insert(
            MySQLConnection connection, List<DeadLetter> letters, Map<String, Integer> accepted) {
        List<Future<?>> inserts = new ArrayList<>();
        for (DeadLetter letter : letters) {
            Integer acceptEpoch = letter.saleId() == null ? null : accepted.get(letter.saleId());
            DeadLetter seen = acceptEpoch == null ? letter : letter.seenUnder(acceptEpoch);
            inserts.add(connection.preparedQuery(DeadLetter.INSERT).execute(seen.parameters()));
        }
        return Future.all(inserts);
    }

    private Future<Void> acksSent() {
        RabbitMQConsumer last = consumer;
        return last == null || generation.ended().isComplete()
                ? Future.succeededFuture()
                : generation
                        .<Void>onChannel(channel -> {
                            channel.basicCancel(last.consumerTag());
                            return null;
                        })
                        .otherwiseEmpty();
    }
}
