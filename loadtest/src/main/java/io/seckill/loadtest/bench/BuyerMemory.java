package io.seckill.loadtest.bench;

import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/** How much of Redis' memory a buyer takes: a sale of its own is sold to many, by the function itself, in batches. */
final class BuyerMemory {
    private static final int A_BATCH = 500;
    private static final int LEASE_MS = 60_000;

    private final RedisLink redis;
    private final SeckillFunctions functions;
    private final SaleKeys keys;

    private record Buyer(String userId, int quantity) implements SeckillFunctions.Purchase {}

    BuyerMemory(RedisLink redis, String saleId) {
        this.redis = redis;
        this.functions = new SeckillFunctions(redis);
        this.keys = SaleKeys.of(saleId);
    }

    /** @return bytes a buyer of everything that Redis keeps of the sale, once its lots are confirmed */
    Future<Double> measure(int buyers) {
        return BareSale.load(functions, keys.saleId(), buyers)
                .compose(v -> used())
                .compose(before -> sell(0, buyers, "")
                        .compose(v -> used())
                        .map(after -> (after - before) / (double) buyers)
                        .eventually(() -> BareSale.forget(redis, keys.saleId())));
    }

    private Future<Void> sell(int from, int buyers, String lastLot) {
        List<Buyer> batch = new ArrayList<>();
        for (int i = from; i < Math.min(buyers, from + A_BATCH); i++) {
            // As long as most ids are: a UUID's text without dashes.
            batch.add(new Buyer(String.format("%032x", 0x9e3779b97f4a7c15L * (i + 1)), 1));
        }
        return functions
                .reserve(keys, BareSale.EPOCH, LEASE_MS, lastLot.isEmpty() ? List.of() : List.of(lastLot), batch)
                .compose(reply -> {
                    if (!(reply instanceof ReserveReply.Decided decided)) {
                        return Future.failedFuture("Redis does not sell: " + reply);
                    }
                    return batch.isEmpty()
                            ? Future.succeededFuture()
                            : sell(from + A_BATCH, buyers, decided.epoch() + ":" + decided.seq());
                });
    }

    private Future<Long> used() {
        return redis.send(Request.cmd(Command.INFO).arg("memory")).map(info -> info.toString()
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .findFirst()
                .map(line ->
                        Long.parseLong(line.substring("used_memory:".length()).strip()))
                .orElseThrow());
    }
}
