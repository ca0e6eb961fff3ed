package io.seckill.worker.rebuild;

import io.seckill.worker.MysqlLink;
import io.vertx.core.Future;
import io.vertx.mysqlclient.MySQLConnection;
import java.util.function.Function;

/** A connection to MySQL on which one transaction follows another. Belongs to the context of its link. */
final class LedgerSession {
    private final MysqlLink link;
    private final Turns turns = new Turns();

    LedgerSession(MysqlLink link) {
        this.link = link;
    }

    /** @return fails if the transaction was not committed, or that is not known */
    <T> Future<T> transaction(Function<MySQLConnection, Future<T>> work) {
        return turns.take(() -> link.transaction(work));
    }

    /** For a mere look, or work that commits by itself. */
    <T> Future<T> look(Function<MySQLConnection, Future<T>> work) {
        return turns.take(() -> link.look(work));
    }
}
