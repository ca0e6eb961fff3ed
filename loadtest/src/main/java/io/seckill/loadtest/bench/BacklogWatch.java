package io.seckill.loadtest.bench;

import io.seckill.loadtest.StackAddress;
import io.seckill.schema.config.RedisAddress;
import io.seckill.schema.redis.FunctionLibrary;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;

/** Reads what Redis has sold of a sale and what MySQL has stored, some twenty times a second. On one context. */
final class BacklogWatch {
    private static final int LOOK_EVERY_MS = 50;
    private static final int TIMEOUT_MS = 10_000;

    private final Vertx vertx;
    private final RedisLink redis;
    private final SeckillFunctions functions;
    private final Pool mysql;

    /** @param redis up */
    BacklogWatch(Vertx vertx, RedisLink redis, StackAddress stack) {
        this.vertx = vertx;
        this.redis = redis;
        this.functions = new SeckillFunctions(redis);
        this.mysql = MySQLBuilder.pool()
                .using(vertx)
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(new MySQLConnectOptions()
                        .setHost(stack.mysqlHost())
                        .setPort(stack.mysqlPort())
                        .setUser(stack.mysqlUser())
                        .setPassword(stack.mysqlPassword())
                        .setDatabase(stack.mysqlDatabase()))
                .build();
    }

    static RedisLink redis(Vertx vertx, String uri) {
        return new RedisLink(vertx, RedisAddress.plain(uri), "bench", TIMEOUT_MS, FunctionLibrary.shipped()::ensure)
                .open();
    }

    /** A watch over one sale. */
    final class Watching {
        private final String saleId;
        private final Backlog backlog = new Backlog();
        private boolean noMore;
        private final Future<Backlog> drained;

        private Watching(String saleId) {
            this.saleId = saleId;
            this.drained = look();
        }

        /** Nothing more will be accepted. @return completes when all is stored */
        Future<Backlog> untilDrained() {
            vertx.runOnContext(v -> noMore = true);
            return drained;
        }

        private Future<Backlog> look() {
            return mysql.preparedQuery("SELECT sold FROM sale_row WHERE sale_id = ?")
                    .execute(Tuple.of(saleId))
                    .compose(rows -> {
                        long stored = rows.iterator().next().getLong(0);
                        return functions.status(SaleKeys.of(saleId)).map(status -> {
                            backlog.add(System.nanoTime(), status.taken(), stored);
                            return null;
                        });
                    })
                    .compose(v -> noMore && backlog.isDrained()
                            ? Future.succeededFuture(backlog)
                            : vertx.timer(LOOK_EVERY_MS, TimeUnit.MILLISECONDS).compose(w -> look()));
        }
    }

    Watching watch(String saleId) {
        return new Watching(saleId);
    }

    Future<Void> close() {
        return mysql.close().compose(v -> redis.close());
    }
}
