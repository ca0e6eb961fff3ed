package io.seckill.worker.rebuild;

import io.seckill.schema.rebuild.RebuildRequest;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds sales that Redis lost: those that MySQL has on sale, or that wait for their units, and that Redis does not have
 * armed under the same epoch, for this build's functions or for those of another build from which these can adopt it.
 * Belongs to one context.
 */
final class RebuildWatch {
    private static final Logger LOG = LoggerFactory.getLogger(RebuildWatch.class);
    private static final int MAX_SALES = 1_000;

    private final LedgerSession mysql;
    private final SeckillFunctions redis;

    RebuildWatch(LedgerSession mysql, SeckillFunctions redis) {
        this.mysql = mysql;
        this.redis = redis;
    }

    private record Sale(String saleId, int epoch) {}

    /** One look at all of them; fails if a server cannot be asked. */
    Future<Void> look() {
        return mysql.look(connection -> connection
                        .query("SELECT s.sale_id, s.epoch FROM sale_row s WHERE s.phase <> 'loading'"
                                + " AND (s.ends_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY OR s.sale_id IN"
                                + " (SELECT sale_id FROM restock WHERE applied_at IS NULL))"
                                + " AND NOT EXISTS (SELECT 1 FROM sale_rebuild r WHERE r.sale_id = s.sale_id)"
                                + " ORDER BY s.ends_at DESC LIMIT " + MAX_SALES)
                        .execute())
                .compose(rows -> {
                    List<Future<?>> looks = new ArrayList<>();
                    for (Row row : rows) {
                        looks.add(look(new Sale(row.getString(0), row.getInteger(1))));
                    }
                    return Future.join(looks).mapEmpty();
                });
    }

    private Future<?> look(Sale sale) {
        return redis.status(SaleKeys.of(sale.saleId)).compose(status -> {
            if (status.armed() && status.epoch() == sale.epoch) {
                return Future.succeededFuture();
            }
            boolean adoptable = status.present() && status.epoch() == sale.epoch;
            Future<Boolean> adopted = adoptable ? redis.adopt(SaleKeys.of(sale.saleId)) : Future.succeededFuture(false);
            return adopted.compose(sells -> sells ? Future.succeededFuture() : lost(sale, status));
        });
    }

    private Future<?> lost(Sale sale, SaleStatus status) {
        String reason = reason(sale, status);
        return mysql.transaction(connection -> RebuildRequest.begin(connection, sale.saleId, sale.epoch, reason))
                .onSuccess(begun -> {
                    if (begun) {
                        LOG.atWarn()
                                .addKeyValue("saleId", sale.saleId)
                                .log("sale lost by Redis, to be rebuilt: {}", reason);
                    }
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
