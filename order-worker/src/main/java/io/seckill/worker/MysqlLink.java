package io.seckill.worker;

import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.db.SchemaVersion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to MySQL, reopened with backoff for as long as it takes. It belongs to the context that made it and is
 * used only there. The client has no query timeout and completes only the first of several commands in flight when a
 * connection is lost; so every piece of work here has a deadline and ends with the connection.
 */
public final class MysqlLink {
    private static final Logger LOG = LoggerFactory.getLogger(MysqlLink.class);
    private static final int PING_EVERY_MS = 2_000;
    private static final int PIPELINED = 64;

    private final Vertx vertx;
    private final ServerSettings servers;
    private final String name;
    private final int timeoutMs;
    private final Readiness.Part readiness;
    private final Backoff backoff = new Backoff(50, 2_000);
    private final Set<Promise<?>> running = new HashSet<>();
    private final List<Promise<Void>> waiting = new ArrayList<>();

    private MySQLConnection current;
    private int generation;
    private long pinger;
    private boolean draining;
    private boolean closed;

    /**
     * @param name for log lines
     * @param timeoutMs deadline of connecting and of each piece of work
     */
    public MysqlLink(Vertx vertx, ServerSettings servers, String name, int timeoutMs, Readiness.Part readiness) {
        this.vertx = vertx;
        this.servers = servers;
        this.name = name;
        this.timeoutMs = timeoutMs;
        this.readiness = readiness;
    }

    /** Starts connecting, and goes on in the background. */
    public MysqlLink open() {
        pinger = vertx.setPeriodic(PING_EVERY_MS, id -> ping());
        connect();
        return this;
    }

    /** Completes as soon as there is a connection; fails once {@link #drain} says that nobody shall wait for one. */
    Future<Void> up() {
        if (current != null) {
            return Future.succeededFuture();
        }
        if (draining) {
            return Future.failedFuture(new MysqlUnavailable(name + ": not connected to MySQL"));
        }
        Promise<Void> up = Promise.promise();
        waiting.add(up);
        return up.future();
    }

    /**
     * Does one piece of work on the connection, in a session that commits nothing by itself.
     *
     * @return fails at once while there is no connection, and when the connection or the deadline ended the work: what
     *     the server made of it is then unknown
     */
    public <T> Future<T> run(Function<MySQLConnection, Future<T>> work) {
        MySQLConnection connection = current;
        if (connection == null) {
            return Future.failedFuture(new MysqlUnavailable(name + ": not connected to MySQL"));
        }
        Promise<T> outcome = Promise.promise();
        running.add(outcome);
        long timer = vertx.setTimer(timeoutMs, id -> end(connection, "no answer within " + timeoutMs + " ms"));
        work.apply(connection).onComplete(outcome::tryComplete, outcome::tryFail);
        return outcome.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            running.remove(outcome);
        });
    }

    /**
     * Does one piece of work and commits it, or rolls it back if it fails.
     *
     * @return fails with the work, or if the commit is not known to have happened
     */
    public <T> Future<T> transaction(Function<MySQLConnection, Future<T>> work) {
        return ending("COMMIT", work);
    }

    /** The same for a mere look, or work that commits by itself: nothing is committed. */
    public <T> Future<T> look(Function<MySQLConnection, Future<T>> work) {
        return ending("ROLLBACK", work);
    }

    private <T> Future<T> ending(String end, Function<MySQLConnection, Future<T>> work) {
        return run(connection -> work.apply(connection)
                .compose(result -> connection.query(end).execute().map(result), failure -> connection
                        .query("ROLLBACK")
                        .execute()
                        .onFailure(e -> discard(connection, "ROLLBACK failed: " + e.getMessage()))
                        // Not eventually(): that would succeed, and what failed would be taken for done.
                        .transform(done -> Future.failedFuture(failure))));
    }

    /** Ends a connection, for work that left its session in an unknown state; the next one is on its way. */
    public void discard(MySQLConnection connection, String why) {
        end(connection, why);
    }

    /** Whoever waits for a connection fails, now and from now on. Work on an open one goes on. */
    public void drain() {
        draining = true;
        List<Promise<Void>> waiters = List.copyOf(waiting);
        waiting.clear();
        waiters.forEach(up -> up.tryFail(new MysqlUnavailable(name + ": not connected to MySQL")));
    }

    public Future<Void> close() {
        drain();
        closed = true;
        vertx.cancelTimer(pinger);
        MySQLConnection last = current;
        if (last != null) {
            end(last, "closed by this process");
        }
        return Future.succeededFuture();
    }

    /** MySQL cannot be asked, or did not answer in time. */
    static final class MysqlUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MysqlUnavailable(String message) {
            super(message, null, false, false);
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        int mine = ++generation;
        MySQLConnectOptions options = servers.mysql();
        options.setCharacterEncoding("UTF-8").setPipeliningLimit(PIPELINED);
        MySQLConnection.connect(vertx, options)
                .compose(opened -> {
                    if (mine != generation || closed) {
                        cut(opened);
                        return Future.failedFuture(new MysqlUnavailable("too late"));
                    }
                    return prepare(opened).map(opened).onFailure(e -> cut(opened));
                })
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .onSuccess(opened -> opened(mine, opened))
                .onFailure(e -> retry(mine, String.valueOf(e.getMessage())));
    }

    /**
     * With autocommit off nothing is ever committed but by COMMIT, not even what was pipelined behind a statement at which
     * the server rolled back (1213). READ COMMITTED: a transaction that waited for another's row must see what that one
     * wrote, and a snapshot would show the past. Strict: a server without it would cut what does not fit.
     */
    private Future<Void> prepare(MySQLConnection opened) {
        boolean mariaDb = opened.databaseMetadata().productName().contains("MariaDB");
        String limit = mariaDb ? "max_statement_time = " + timeoutMs / 1000.0 : "max_execution_time = " + timeoutMs;
        return opened.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                .execute()
                .compose(v -> opened.query("SET SESSION autocommit = 0,"
                                + " sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',"
                                + " innodb_lock_wait_timeout = " + Math.max(1, timeoutMs / 2_000) + ", " + limit)
                        .execute())
                .compose(v -> SchemaVersion.verify(opened))
                .compose(v -> opened.query("ROLLBACK").execute())
                .mapEmpty();
    }

    private void opened(int mine, MySQLConnection opened) {
        if (mine != generation || closed) {
            cut(opened);
            return;
        }
        opened.closeHandler(v -> end(opened, "connection closed"));
        opened.exceptionHandler(e -> end(opened, String.valueOf(e.getMessage())));
        backoff.reset();
        current = opened;
        readiness.up();
        LOG.info("{}: connected to MySQL at {}", name, place());
        List<Promise<Void>> waiters = List.copyOf(waiting);
        waiting.clear();
        waiters.forEach(Promise::tryComplete);
    }

    private void end(MySQLConnection connection, String why) {
        if (connection != current) {
            return;
        }
        current = null;
        cut(connection);
        List<Promise<?>> ended = List.copyOf(running);
        running.clear();
        ended.forEach(outcome -> outcome.tryFail(new MysqlUnavailable(name + ": " + why)));
        retry(generation, why);
    }

    private void retry(int mine, String why) {
        if (closed || mine != generation) {
            return;
        }
        int delay = backoff.nextMs();
        readiness.down(why);
        LOG.warn(
                "{}: MySQL at {}: {}; next try in {} ms",
                name,
                place(),
                why.lines().findFirst().orElse(""),
                delay);
        vertx.setTimer(delay, id -> connect());
    }

    /** A server that hangs is noticed even when there is nothing to store. */
    private void ping() {
        if (current != null && running.isEmpty()) {
            run(MySQLConnection::ping).onFailure(e -> LOG.debug("{}: ping failed", name, e));
        }
    }

    /** Closes the socket itself: the client's close asks the server first, which may hang. Then frees the client. */
    private static void cut(MySQLConnection connection) {
        if (connection instanceof SqlConnectionInternal internal
                && internal.unwrap() instanceof SocketConnectionBase socket) {
            socket.socket().close();
        }
        connection.close().onFailure(e -> LOG.debug("closing a connection", e));
    }

    private String place() {
        return servers.mysqlHost() + ":" + servers.mysqlPort();
    }
}
