package io.seckill.loadtest.bench;

import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/** A sale that only Redis knows: no gateway relays its orders, and no worker looks for it. */
public final class BareSale {
    static final int EPOCH = 1;

    private static final long LENGTH_MS = 3_600_000;

    private BareSale() {}

    public static Future<Void> load(SeckillFunctions functions, String saleId, int stock) {
        long now = System.currentTimeMillis();
        return functions
                .load(SaleKeys.of(saleId), EPOCH, stock, now - LENGTH_MS, now + LENGTH_MS, 1, 900, 1)
                .compose(loaded -> loaded == SeckillFunctions.Loaded.LOADED
                        ? Future.succeededFuture()
                        : Future.failedFuture("the sale " + saleId + " is there already"));
    }

    public static Future<Void> forget(RedisLink redis, String saleId) {
        SaleKeys keys = SaleKeys.of(saleId);
        return redis.send(Request.cmd(Command.DEL)
                        .arg(keys.sale())
                        .arg(keys.buyers())
                        .arg(keys.outbox())
                        .arg(keys.lots()))
                .mapEmpty();
    }
}
