package io.seckill.loadtest.simulation.mysql;

import io.seckill.loadtest.simulation.world.ProcessLife;
import io.seckill.loadtest.simulation.world.Stub;
import io.seckill.loadtest.simulation.world.World;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;

/** vertx-mysql-client as the product uses it: single connections, and pools. */
public final class MysqlClients {
    private MysqlClients() {}

    public static Future<MySQLConnection> connect(World world, ProcessLife process) {
        return MysqlConnections.open(world, process, null).map(MysqlConnections::stub);
    }

    /** @param size most connections; who comes then waits */
    public static Pool pool(World world, ProcessLife process, int size) {
        return new VirtualPool(world, process, size);
    }

    private static final class VirtualPool implements Pool {
        private final World world;
        private final ProcessLife process;
        private final int size;
        private final ArrayDeque<MysqlConnections> idle = new ArrayDeque<>();
        private final ArrayDeque<Promise<SqlConnection>> waiting = new ArrayDeque<>();
        private int taken;

        VirtualPool(World world, ProcessLife process, int size) {
            this.world = world;
            this.process = process;
            this.size = size;
        }

        @Override
        public Future<SqlConnection> getConnection() {
            Promise<SqlConnection> promise = Promise.promise();
            waiting.add(promise);
            next();
            return promise.future();
        }

        private void next() {
            while (taken < size && !waiting.isEmpty()) {
                taken++;
                Promise<SqlConnection> promise = waiting.poll();
                MysqlConnections rested = idle.poll();
                while (rested != null && !rested.isOpen()) {
                    rested = idle.poll();
                }
                if (rested != null) {
                    promise.tryComplete(rested.connection());
                } else {
                    MysqlConnections.open(world, process, this::returned)
                            .onSuccess(opened -> promise.tryComplete(opened.connection()))
                            .onFailure(e -> {
                                taken--;
                                promise.tryFail(e);
                                next();
                            });
                }
            }
        }

        private void returned(MysqlConnections connection) {
            taken--;
            if (connection.isOpen()) {
                idle.add(connection);
            }
            next();
        }

        private Future<RowSet<Row>> execute(String sql, Tuple tuple) {
            return getConnection()
                    .compose(connection ->
                            connection.preparedQuery(sql).execute(tuple).onComplete(done -> connection.close()));
        }

        @Override
        public Query<RowSet<Row>> query(String sql) {
            return Stub.of(Query.class, (method, a) -> execute(sql, Tuple.tuple()));
        }

        @Override
        public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
            return Stub.of(
                    PreparedQuery.class, (method, a) -> execute(sql, a.length == 0 ? Tuple.tuple() : (Tuple) a[0]));
        }

        @Override
        public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
            return preparedQuery(sql);
        }

        @Override
        public int size() {
            return taken + idle.size();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
