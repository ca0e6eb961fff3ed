package io.seckill.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.util.concurrent.TimeUnit;

/** How a gateway's verticles connect to MySQL: few connections, a queue that ends, and none that is silent for ever. */
final class Connections {
    private static final int WAITING_PER_CONNECTION = 64;
    private static final int SILENCE_PER_TIMEOUT = 5;
    private static final int CLEAN_EVERY_MS = 500;

    private Connections() {}

    /** A pool for the calling context, whose callers give up after the configured timeout. */
    static Pool mysql(Vertx vertx, GatewayConfig config, String name) {
        return mysql(vertx, config, name, SILENCE_PER_TIMEOUT * config.mysqlTimeoutMs());
    }

    /**
     * A pool for the calling context; the client's own wait queue would have no bound.
     *
     * @param name in the metrics
     * @param maxSilenceMs more than any statement takes: a connection on which nothing arrived for so long is given up
     */
    static Pool mysql(Vertx vertx, GatewayConfig config, String name, int maxSilenceMs) {
        return MySQLBuilder.pool()
                .with(new PoolOptions()
                        .setName(name)
                        .setMaxSize(config.mysqlPoolSize())
                        .setMaxWaitQueueSize(config.mysqlPoolSize() * WAITING_PER_CONNECTION)
                        .setConnectionTimeout(config.mysqlTimeoutMs())
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                        // Whoever rests leaves before it would be taken for one that does not answer.
                        .setIdleTimeout(maxSilenceMs / 2)
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setPoolCleanerPeriod(CLEAN_EVERY_MS))
                .connectingTo(config.servers().mysql())
                .withConnectHandler(connection -> {
                    limitSilence(connection, maxSilenceMs);
                    // Whoever waited for another's row must see what that one wrote, not a snapshot of before.
                    connection
                            .query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                            .execute()
                            .onComplete(done -> connection.close());
                })
                .using(vertx)
                .build();
    }

    // The client has no query timeout, and a server's host may vanish without a word: its connections would keep their
    // places in the pool for ever. The options for the socket are ignored by the MySQL client.
    private static void limitSilence(SqlConnection connection, int maxSilenceMs) {
        if (connection instanceof SqlConnectionInternal internal
                && internal.unwrap().unwrap() instanceof SocketConnectionBase client) {
            client.socket()
                    .channelHandlerContext()
                    .pipeline()
                    .addFirst(new ReadTimeoutHandler(maxSilenceMs, TimeUnit.MILLISECONDS) {
                        @Override
                        protected void readTimedOut(ChannelHandlerContext channel) {
                            channel.close();
                        }
                    });
        }
    }
}
