package io.seckill.worker;

import io.seckill.schema.amqp.Topology;
import io.seckill.schema.message.OrderEvents;
import io.seckill.schema.message.OrderEvents.Event;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the events of ended orders from MySQL's outbox to everyone else, and deletes them after RabbitMQ's confirm. One per
 * process; the rows that one sends stay locked, so that others take the next. A crash in between sends events twice.
 */
final class EventRelay extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(EventRelay.class);
    private static final int EVERY_MS = 200;
    private static final String OLDEST = "SELECT event_id, order_id, sale_id, user_id, quantity, attempt, state, at"
            + " FROM order_event ORDER BY event_id LIMIT " + OrderEvents.MAX_EVENTS + " FOR UPDATE SKIP LOCKED";

    private final WorkerConfig config;
    private final String name;
    private final Readiness readiness;
    private final SettlingMetrics metrics;
    private final Topology topology;
    private final Backoff backoff = new Backoff(50, 2_000);

    private MysqlLink mysql;
    private ConfirmedPublisher publisher;
    private Future<?> inFlight = Future.succeededFuture();
    private boolean wanted;
    private boolean resting;
    private boolean draining;

    EventRelay(WorkerConfig config, Readiness readiness, SettlingMetrics metrics) {
        this.config = config;
        this.name = config.instance() + " events";
        this.readiness = readiness;
        this.metrics = metrics;
        this.topology = new Topology(config.servers().amqpPrefix());
    }

    /** Starts connecting; succeeds at once. */
    @Override
    public Future<?> start() {
        mysql = new MysqlLink(
                        vertx, config.servers(), name, config.storeTimeoutMs(), readiness.part(Readiness.MYSQL, name))
                .open();
        publisher = new ConfirmedPublisher(vertx, config, name, readiness.part(Readiness.RABBITMQ, name)).open();
        Changes.onEnded(vertx, saleIds -> wake());
        vertx.setPeriodic(1, EVERY_MS, id -> wake());
        return Future.succeededFuture();
    }

    /** Finishes the round in flight. */
    @Override
    public Future<?> stop() {
        draining = true;
        mysql.drain();
        publisher.drain();
        return inFlight.otherwiseEmpty()
                .eventually(publisher::close)
                .eventually(mysql::close)
                .otherwiseEmpty();
    }

    private void wake() {
        wanted = true;
        next();
    }

    private void next() {
        if (draining || resting || !wanted || !inFlight.isComplete()) {
            return;
        }
        wanted = false;
        inFlight = mysql.transaction(this::round)
                .onSuccess(sent -> {
                    backoff.reset();
                    metrics.eventsWaiting(sent);
                    wanted |= sent == OrderEvents.MAX_EVENTS;
                })
                .onFailure(this::rest);
        inFlight.onComplete(done -> next());
    }

    private void rest(Throwable failure) {
        int delay = backoff.nextMs();
        LOG.debug("{}: events wait: {}; next try in {} ms", name, failure.getMessage(), delay);
        resting = true;
        vertx.setTimer(delay, id -> {
            resting = false;
            wake();
        });
    }

    /** @return how many events were sent */
    private Future<Integer> round(MySQLConnection connection) {
        return connection
                .query(OLDEST)
                .execute()
                .compose(rows -> rows.size() == 0 ? Future.succeededFuture(0) : send(connection, rows));
    }

    private Future<Integer> send(MySQLConnection connection, RowSet<Row> rows) {
        List<Event> events = new ArrayList<>(rows.size());
        List<String> ids = new ArrayList<>(rows.size());
        for (Row row : rows) {
            ids.add(Long.toString(row.getLong("event_id")));
            events.add(new Event(
                    row.getString("order_id"),
                    row.getString("sale_id"),
                    row.getString("user_id"),
                    row.getInteger("quantity"),
                    row.getInteger("attempt"),
                    row.getString("state"),
                    row.getLocalDateTime("at").toInstant(ZoneOffset.UTC)));
        }
        List<OrderEvents.Message> messages = OrderEvents.messages(events);
        return Future.all(messages.stream()
                        .map(message -> publisher.publishOnce(
                                topology.eventExchange(),
                                message.routingKey(),
                                OrderEvents.properties(),
                                message.body()))
                        .toList())
                .compose(v -> connection
                        .query("DELETE FROM order_event WHERE event_id IN ("
                                + ids.stream().collect(Collectors.joining(",")) + ")")
                        .execute())
                .map(v -> {
                    metrics.published(messages.size());
                    return events.size();
                });
    }
}
