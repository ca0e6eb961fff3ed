package io.seckill.gateway.admin;

import io.seckill.gateway.sale.SaleRow;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.concurrent.TimeUnit;

/**
 * Counts where every unit of a sale is, while the sale goes on: see {@link AuditCount}. A count that does not balance is
 * taken again, from a cut of its own, before it is told: what is really missing is missing each time, and what merely moved
 * in a way that the two ledgers cannot tell apart is not.
 */
public final class SaleAudit {
    private static final int MYSQL_TIMEOUT_S = 60;
    private static final int COUNTS = 3;
    private static final int COUNT_AGAIN_AFTER_MS = 250;

    private final Vertx vertx;
    private final Pool mysql;
    private final SeckillFunctions functions;
    private final AmqpLink amqp;
    private final Topology topology;

    public SaleAudit(Vertx vertx, Pool mysql, SeckillFunctions functions, AmqpLink amqp, Topology topology) {
        this.vertx = vertx;
        this.mysql = mysql;
        this.functions = functions;
        this.amqp = amqp;
        this.topology = topology;
    }

    /** Redis lost the sale, or does not have it yet: nothing can be counted there. */
    public static final class RecoveringException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private RecoveringException(String saleId) {
            super("Redis does not have the sale " + saleId, null, false, false);
        }
    }

    /** Fails with a {@link RecoveringException}, or otherwise if a server cannot be asked. */
    public Future<AuditTerms> run(SaleRow sale) {
        return run(sale, COUNTS);
    }

    private Future<AuditTerms> run(SaleRow sale, int counts) {
        return count(sale)
                .compose(terms -> terms.isBalanced() || counts == 1
                        ? Future.succeededFuture(terms)
                        : vertx.timer(COUNT_AGAIN_AFTER_MS, TimeUnit.MILLISECONDS)
                                .compose(v -> run(sale, counts - 1)));
    }

    private Future<AuditTerms> count(SaleRow sale) {
        return functions
                .status(SaleKeys.of(sale.saleId()))
                .compose(cut ->
                        cut.armed() ? count(sale, cut) : Future.failedFuture(new RecoveringException(sale.saleId())));
    }

    private Future<AuditTerms> count(SaleRow sale, SaleStatus cut) {
        return mysql.withConnection(snapshot -> snapshot.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                        .execute()
                        .compose(v -> snapshot.query("START TRANSACTION WITH CONSISTENT SNAPSHOT")
                                .execute())
                        .compose(v -> new AuditCount(vertx, mysql, functions, sale, cut, snapshot).run(this::queued))
                        .eventually(() -> snapshot.query("ROLLBACK").execute()))
                .timeout(MYSQL_TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** Messages in the queues in which an order may be on its way. */
    public Future<Integer> queued() {
        if (amqp.current() == null) {
            return Future.failedFuture(new IllegalStateException("RabbitMQ cannot be asked"));
        }
        return amqp.current().onChannel(channel -> (int) (channel.messageCount(topology.orderQueue())
                + channel.messageCount(topology.unroutedQueue())
                + channel.messageCount(topology.deadQueue())));
    }
}
