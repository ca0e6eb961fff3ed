package io.seckill.worker.rebuild;

import io.seckill.worker.rebuild.ConsumerSessions.Session;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's part in every drain round: keeps the list of its consumers in MySQL, and answers for each when all that it
 * was given before the round is settled. A consumer that cannot answer, because its connection ended, has given everything
 * back to the broker. Belongs to one context.
 */
final class DrainAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(DrainAnswers.class);

    private final Context context;
    private final LedgerSession mysql;
    private final ConsumerSessions sessions;
    private final String worker;
    // By session id, the last round that was answered; 0 as long as none was.
    private final Map<String, Long> answered = new HashMap<>();
    private final Set<String> asking = new HashSet<>();
    private boolean busy;

    DrainAnswers(Context context, LedgerSession mysql, ConsumerSessions sessions, String worker) {
        this.context = context;
        this.mysql = mysql;
        this.sessions = sessions;
        this.worker = worker;
    }

    /** Looks once for a new round, unless the last look is not over. */
    void look() {
        if (busy) {
            return;
        }
        busy = true;
        Collection<Session> open = sessions.open();
        mysql.transaction(connection -> list(connection, open).compose(v -> round(connection)))
                .onSuccess(round -> {
                    open.forEach(session -> answered.putIfAbsent(session.id, 0L));
                    open.forEach(session -> answer(session, round));
                })
                .onFailure(e -> LOG.debug("{}: drain rounds cannot be read: {}", worker, e.getMessage()))
                .onComplete(done -> busy = false);
    }

    private void answer(Session session, long round) {
        if (answered.getOrDefault(session.id, 0L) >= round || !asking.add(session.id)) {
            return;
        }
        onContext(session.settled())
                .compose(v -> mysql.transaction(connection -> connection
                        .preparedQuery("UPDATE consumer_session SET answered = ? WHERE session_id = ?")
                        .execute(Tuple.of(round, session.id))))
                .onSuccess(v -> answered.put(session.id, round))
                .onFailure(e -> LOG.debug("{}: round {} not answered: {}", worker, round, e.getMessage()))
                .onComplete(done -> asking.remove(session.id));
    }

    /** New consumers into the list, ended ones out of it. */
    private Future<?> list(MySQLConnection connection, Collection<Session> open) {
        Set<String> ids = open.stream().map(session -> session.id).collect(Collectors.toSet());
        List<Future<?>> changes = new ArrayList<>();
        for (Session session : open) {
            if (!answered.containsKey(session.id)) {
                changes.add(connection
                        .preparedQuery("INSERT INTO consumer_session (session_id, queue, worker) VALUES (?, ?, ?)"
                                + " ON DUPLICATE KEY UPDATE session_id = consumer_session.session_id")
                        .execute(Tuple.of(session.id, session.queue, worker)));
            }
        }
        for (String id : List.copyOf(answered.keySet())) {
            if (!ids.contains(id)) {
                changes.add(connection
                        .preparedQuery("DELETE FROM consumer_session WHERE session_id = ?")
                        .execute(Tuple.of(id))
                        .onSuccess(v -> answered.remove(id)));
            }
        }
        return Future.all(changes);
    }

    private static Future<Long> round(MySQLConnection connection) {
        return connection
                .query("SELECT round FROM drain_round WHERE id = 1")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private <T> Future<T> onContext(Future<T> elsewhere) {
        Promise<T> here = Promise.promise();
        elsewhere.onComplete(done -> context.runOnContext(v -> here.handle(done)));
        return here.future();
    }
}
