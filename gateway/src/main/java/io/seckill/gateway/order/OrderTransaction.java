package io.seckill.gateway.order;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A short transaction on orders, tried again when MySQL took it back for another's sake. Used on one event loop. The pool's
 * sessions are READ COMMITTED: a transaction that waited for another's row must see what that one wrote.
 */
public final class OrderTransaction {
    private static final Set<Integer> TRY_AGAIN = Set.of(1205, 1213, 1020);
    private static final int MAX_TRIES = 8;
    private static final int MAX_PAUSE_MS = 40;

    private final Vertx vertx;
    private final Pool mysql;
    private final int timeoutMs;

    /** @param timeoutMs deadline of all tries together */
    public OrderTransaction(Vertx vertx, Pool mysql, int timeoutMs) {
        this.vertx = vertx;
        this.mysql = mysql;
        this.timeoutMs = timeoutMs;
    }

    /** @return fails when the deadline passed or MySQL is away: whether it is committed is then not known */
    public <T> Future<T> run(Function<SqlConnection, Future<T>> work) {
        return attempt(work, 1).timeout(timeoutMs, TimeUnit.MILLISECONDS);
    }

    private <T> Future<T> attempt(Function<SqlConnection, Future<T>> work, int number) {
        return mysql.withTransaction(work).recover(failure -> {
            boolean again = failure instanceof MySQLException error
                    && (TRY_AGAIN.contains(error.getErrorCode())
                            || String.valueOf(error.getSqlState()).startsWith("40"));
            if (!again || number == MAX_TRIES) {
                return Future.failedFuture(failure);
            }
            int pause = 1 + ThreadLocalRandom.current().nextInt(MAX_PAUSE_MS);
            return vertx.timer(pause, TimeUnit.MILLISECONDS).compose(v -> attempt(work, number + 1));
        });
    }
}
