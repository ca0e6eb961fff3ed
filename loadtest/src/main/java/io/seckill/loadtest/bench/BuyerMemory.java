package io.seckill.loadtest.bench;

import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;

/** How much of Redis' memory a buyer takes: a sale of its own is sold to many. */
final class BuyerMemory {
    private final RedisLink redis;
    private final String saleId;

    BuyerMemory(RedisLink redis, String saleId) {
        this.redis = redis;
        this.saleId = saleId;
    }

    /** @return bytes a buyer of everything that Redis keeps of the sale, once its lots are confirmed */
    Future<Double> measure(int count) {
        BareBuyers buyers = new BareBuyers(redis, saleId);
        return BareSale.load(new SeckillFunctions(redis), saleId, count)
                .compose(v -> buyers.memory())
                .compose(before -> buyers.sell(0, count)
                        .compose(v -> buyers.memory())
                        .map(after -> (after - before) / (double) count)
                        .eventually(() -> BareSale.forget(redis, saleId)));
    }
}
