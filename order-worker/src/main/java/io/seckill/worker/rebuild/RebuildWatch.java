package io.seckill.worker.rebuild;

import io.seckill.schema.rebuild.RebuildRequest;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after every sale that MySQL has on sale, or that waits for its units: one that Redis does not have armed under the
 * same epoch is to be rebuilt, one that sells is looked through for {@link StrayOrders}. Belongs to one context.
 */
final class RebuildWatch {
    private static final Logger LOG = LoggerFactory.getLogger(RebuildWatch.class);
    private static final int MAX_SALES = 1_000;

    private final LedgerSession mysql;
    private final SeckillFunctions redis;
    private final StrayOrders strays;

    RebuildWatch(LedgerSession mysql, SeckillFunctions redis, StrayOrders strays) {
        this.mysql = mysql;
        this.redis = redis;
        this.strays = strays;
    }

    /**
     * A sale as the ledger has it.
     *
     * @param sold units of active orders
     * @param freed units that MySQL gave back, and Redis does not have yet
     */
    record Sale(String saleId, int epoch, int sold, long freed, int paymentWindowSeconds) {}

    /** One look at all of them; fails if a server cannot be asked. */
    Future<Void> look() {
        return mysql.look(connection -> connection
                        .query(
                                "SELECT s.sale_id, s.epoch, s.sold, s.payment_window_s, (SELECT CAST(COALESCE(SUM(f.quantity),"
                                        + " 0) AS SIGNED) FROM restock f WHERE f.sale_id = s.sale_id AND f.applied_at IS NULL)"
                                        + " AS freed FROM sale_row s WHERE s.phase <> 'loading'"
                                        + " AND (s.ends_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY OR s.sale_id IN"
                                        + " (SELECT sale_id FROM restock WHERE applied_at IS NULL))"
                                        + " AND NOT EXISTS (SELECT 1 FROM sale_rebuild r WHERE r.sale_id = s.sale_id)"
                                        + " ORDER BY s.ends_at DESC LIMIT " + MAX_SALES)
                        .execute())
                .compose(rows -> {
                    List<Future<?>> looks = new ArrayList<>();
                    Set<String> ids = new HashSet<>();
                    for (Row row : rows) {
                        ids.add(row.getString("sale_id"));
                        looks.add(look(new Sale(
                                row.getString("sale_id"),
                                row.getInteger("epoch"),
                                row.getInteger("sold"),
                                row.getLong("freed"),
                                row.getInteger("payment_window_s"))));
                    }
                    strays.retain(ids);
                    return Future.join(looks).mapEmpty();
                });
    }

    private Future<?> look(Sale sale) {
        return redis.status(SaleKeys.of(sale.saleId)).compose(status -> {
            if (status.armed() && status.epoch() == sale.epoch) {
                return strays.look(sale, status);
            }
            String reason = reason(sale, status);
            return mysql.transaction(connection -> RebuildRequest.begin(connection, sale.saleId, sale.epoch, reason))
                    .onSuccess(begun -> {
                        if (begun) {
                            LOG.warn("sale lost by Redis, to be rebuilt saleId={}: {}", sale.saleId, reason);
                        }
                    });
        });
    }

    private static String reason(Sale sale, SaleStatus status) {
        if (!status.present()) {
            return "Redis does not have it";
        }
        return status.armed()
                ? "Redis has it under epoch " + status.epoch() + ", the ledger under " + sale.epoch
                : "Redis was restarted or lost a part of it";
    }
}
