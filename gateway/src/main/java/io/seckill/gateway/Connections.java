package io.seckill.gateway;

import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.TimeUnit;

/** How a gateway's verticles connect to MySQL: few connections, and a queue that ends. */
final class Connections {
    private static final int WAITING_PER_CONNECTION = 64;

    private Connections() {}

    /** A pool for the calling context; the client's own wait queue would have no bound. */
    static Pool mysql(Vertx vertx, GatewayConfig config) {
        return MySQLBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(config.mysqlPoolSize())
                        .setMaxWaitQueueSize(config.mysqlPoolSize() * WAITING_PER_CONNECTION)
                        .setConnectionTimeout(config.mysqlTimeoutMs())
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
                .connectingTo(config.servers().mysql())
                // Whoever waited for another's row must see what that one wrote, not a snapshot of before.
                .withConnectHandler(connection -> connection
                        .query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                        .execute()
                        .onComplete(done -> connection.close()))
                .using(vertx)
                .build();
    }
}
