package io.seckill.loadtest.simulation.mysql;

import io.seckill.loadtest.simulation.sql.Session;
import io.seckill.loadtest.simulation.sql.SqlError;
import io.seckill.loadtest.simulation.world.ProcessLife;
import io.seckill.loadtest.simulation.world.Stub;
import io.seckill.loadtest.simulation.world.World;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.spi.DatabaseMetadata;
import java.util.ArrayDeque;

/**
 * A connection of vertx-mysql-client. When it is lost, only the first of the commands in flight fails; the others never
 * complete, as with the real one.
 */
final class MysqlConnections {
    private final MysqlServer.Connection connection;
    private final ArrayDeque<Promise<RowSet<Row>>> pending = new ArrayDeque<>();
    private final MySQLConnection stub;
    private final Runnable onClose;
    private Handler<Void> closed = v -> {};

    /** @param onClose what close() does instead of ending the connection, or null */
    private MysqlConnections(World world, ProcessLife process, Runnable onClose) {
        this.onClose = onClose;
        this.connection = world.mysql().new Connection(process, this::lost);
        this.stub = Stub.of(MySQLConnection.class, this::call);
    }

    /** @param returned where close() hands the connection back, or null if it ends it */
    static Future<MysqlConnections> open(World world, ProcessLife process, Handler<MysqlConnections> returned) {
        Promise<MysqlConnections> opened = Promise.promise();
        world.scheduler().in(2 * world.latency(), process, new Object(), () -> {
            if (!world.mysql().isUp()) {
                opened.tryFail("Connection refused");
                return;
            }
            MysqlConnections[] self = new MysqlConnections[1];
            self[0] = new MysqlConnections(world, process, returned == null ? null : () -> returned.handle(self[0]));
            opened.tryComplete(self[0]);
        });
        return opened.future();
    }

    MySQLConnection stub() {
        return stub;
    }

    boolean isOpen() {
        return connection.wire().isOpen();
    }

    @SuppressWarnings("unchecked")
    private Object call(String method, Object[] a) {
        switch (method) {
            case "query":
                return query((String) a[0]);
            case "preparedQuery":
                return preparedQuery((String) a[0]);
            case "begin":
                return execute("START TRANSACTION", Tuple.tuple()).map(v -> transaction());
            case "closeHandler":
                closed = (Handler<Void>) a[0];
                return stub;
            case "exceptionHandler":
                return stub;
            case "ping":
                return execute("ROLLBACK", Tuple.tuple()).mapEmpty();
            case "databaseMetadata":
                return Stub.<DatabaseMetadata>of(
                        DatabaseMetadata.class, (name, b) -> name.equals("productName") ? "MariaDB" : null);
            case "close":
                if (onClose != null) {
                    onClose.run();
                } else {
                    connection.wire().close();
                }
                return Future.succeededFuture();
            default:
                throw new IllegalStateException("the simulation has no MySQLConnection." + method);
        }
    }

    SqlConnection connection() {
        return stub;
    }

    private Query<RowSet<Row>> query(String sql) {
        return Stub.of(Query.class, (method, a) -> execute(sql, Tuple.tuple()));
    }

    private PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
        return Stub.of(PreparedQuery.class, (method, a) -> execute(sql, a.length == 0 ? Tuple.tuple() : (Tuple) a[0]));
    }

    private Transaction transaction() {
        return Stub.of(Transaction.class, (method, a) -> switch (method) {
            case "commit" -> execute("COMMIT", Tuple.tuple()).mapEmpty();
            case "rollback" -> execute("ROLLBACK", Tuple.tuple()).mapEmpty();
            default -> throw new IllegalStateException("the simulation has no Transaction." + method);
        });
    }

    private Future<RowSet<Row>> execute(String sql, Tuple tuple) {
        Promise<RowSet<Row>> promise = Promise.promise();
        if (!isOpen()) {
            promise.tryFail(ClosedConnectionException.INSTANCE);
            return promise.future();
        }
        Object[] parameters = new Object[tuple.size()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = tuple.getValue(i);
        }
        pending.add(promise);
        connection.execute(sql, parameters, result -> done(promise, result), error -> failed(promise, error));
        return promise.future();
    }

    private void done(Promise<RowSet<Row>> promise, Session.Result result) {
        pending.remove(promise);
        promise.tryComplete(new Rows(result));
    }

    private void failed(Promise<RowSet<Row>> promise, SqlError error) {
        pending.remove(promise);
        promise.tryFail(new MySQLException(error.getMessage(), error.code(), error.state()));
    }

    private void lost() {
        Promise<RowSet<Row>> first = pending.poll();
        pending.clear();
        if (first != null) {
            first.tryFail(ClosedConnectionException.INSTANCE);
        }
        closed.handle(null);
    }
}
