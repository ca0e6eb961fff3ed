package io.seckill.worker.rebuild;

import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.AmqpLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that no order is on its way. RabbitMQ tells how many messages of a queue are ready, and how many consumers it has,
 * but not what those hold unacked: they have to be asked. A round
 *
 * <ol>
 *   <li>reads which consumers are listed in MySQL;
 *   <li>sees that each queue has no message ready, and how many consumers it has by the broker's own count;
 *   <li>asks all, and waits until as many of those listed have answered as the broker counted.
 * </ol>
 *
 * <p>Who answers was alive at the broker after the count, and listed before it: hence counted. As many answers as were
 * counted: hence no other consumer was there, not even a stopped one, which the broker counts until its heartbeat ends it.
 * Whatever was unacked at the count was with one of those who answered, and is settled. A second round follows, since what
 * the first found unacked may have been settled by going to the dead letters.
 *
 * <p>Belongs to one context. Whoever asks while rounds run waits for two that begin after.
 */
final class DrainRounds implements QueueDrain {
    private static final Logger LOG = LoggerFactory.getLogger(DrainRounds.class);
    private static final int LOOK_EVERY_MS = 50;
    private static final int ROUND_MS = 3_000;
    private static final int TELL_EVERY = 20;

    private final Vertx vertx;
    private final LedgerSession mysql;
    private final AmqpLink rabbit;
    private final List<String> queues;
    private Promise<Void> next;
    private boolean running;
    private boolean closed;
    private int failures;

    /** @param queues in which an order can be, each before those into which it can go from there */
    DrainRounds(Vertx vertx, LedgerSession mysql, AmqpLink rabbit, List<String> queues) {
        this.vertx = vertx;
        this.mysql = mysql;
        this.rabbit = rabbit;
        this.queues = queues;
    }

    @Override
    public Future<Void> drained() {
        if (next == null) {
            next = Promise.promise();
        }
        Future<Void> mine = next.future();
        if (!running) {
            begin();
        }
        return mine;
    }

    /** Whoever waits fails. */
    void close() {
        closed = true;
    }

    private void begin() {
        Promise<Void> asked = next;
        next = null;
        running = true;
        untilDone().compose(v -> untilDone()).onComplete(done -> {
            running = false;
            asked.handle(done);
            if (next != null) {
                begin();
            }
        });
    }

    private Future<Void> untilDone() {
        return round().recover(failure -> {
            if (closed) {
                return Future.failedFuture(failure);
            }
            if (++failures % TELL_EVERY == 0) {
                LOG.warn("orders are still on their way, a rebuild waits: {}", failure.getMessage());
            }
            return vertx.timer(LOOK_EVERY_MS).compose(v -> untilDone());
        });
    }

    private record Listed(String id, String queue) {}

    private Future<Void> round() {
        return mysql.look(connection -> listed(connection, 0)).compose(listed -> count().compose(counted ->
                ask().compose(round -> answers(listed, counted, round, System.nanoTime() + ROUND_MS * 1_000_000L))));
    }

    /** How many consumers each queue has; fails if a message is ready in one. */
    private Future<Map<String, Integer>> count() {
        AmqpGeneration generation = rabbit.current();
        if (generation == null) {
            return Future.failedFuture(new IllegalStateException("not connected to RabbitMQ"));
        }
        return generation.onChannel(channel -> {
            Map<String, Integer> consumers = new HashMap<>();
            for (String queue : queues) {
                var state = channel.queueDeclarePassive(queue);
                if (state.getMessageCount() > 0) {
                    throw new IllegalStateException(state.getMessageCount() + " messages are ready in " + queue);
                }
                consumers.put(queue, state.getConsumerCount());
            }
            return consumers;
        });
    }

    private Future<Long> ask() {
        return mysql.transaction(connection -> connection
                .query("UPDATE drain_round SET round = round + 1 WHERE id = 1")
                .execute()
                .compose(v -> connection
                        .query("SELECT round FROM drain_round WHERE id = 1")
                        .execute())
                .map(rows -> rows.iterator().next().getLong(0)));
    }

    private Future<Void> answers(List<Listed> listed, Map<String, Integer> counted, long round, long endNanos) {
        return mysql.look(connection -> listed(connection, round)).compose(answered -> {
            Set<String> ids = answered.stream().map(Listed::id).collect(Collectors.toSet());
            List<Listed> there =
                    listed.stream().filter(session -> ids.contains(session.id)).toList();
            String missing = missing(there, counted);
            if (missing == null) {
                return forget(listed.stream()
                        .filter(session -> !ids.contains(session.id))
                        .toList());
            }
            return closed || System.nanoTime() - endNanos > 0
                    ? Future.failedFuture(new IllegalStateException(missing))
                    : vertx.timer(LOOK_EVERY_MS).compose(v -> answers(listed, counted, round, endNanos));
        });
    }

    private String missing(List<Listed> there, Map<String, Integer> counted) {
        for (String queue : queues) {
            long answers = there.stream()
                    .filter(session -> session.queue.equals(queue))
                    .count();
            if (answers != counted.get(queue)) {
                return queue + " has " + counted.get(queue) + " consumers, of whom " + answers
                        + " say that they are done";
            }
        }
        return null;
    }

    /** The broker does not know them: their processes are gone. */
    private Future<Void> forget(List<Listed> gone) {
        if (gone.isEmpty()) {
            return Future.succeededFuture();
        }
        return mysql.transaction(connection -> {
            List<Future<?>> deletes = new ArrayList<>();
            for (Listed session : gone) {
                deletes.add(connection
                        .preparedQuery("DELETE FROM consumer_session WHERE session_id = ?")
                        .execute(Tuple.of(session.id)));
            }
            return Future.all(deletes).mapEmpty();
        });
    }

    private static Future<List<Listed>> listed(MySQLConnection connection, long round) {
        return connection
                .preparedQuery("SELECT session_id, queue FROM consumer_session WHERE answered >= ?")
                .execute(Tuple.of(round))
                .map(rows -> {
                    List<Listed> sessions = new ArrayList<>();
                    for (Row row : rows) {
                        sessions.add(new Listed(row.getString(0), row.getString(1)));
                    }
                    return sessions;
                });
    }
}
