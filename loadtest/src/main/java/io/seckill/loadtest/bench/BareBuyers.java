package io.seckill.loadtest.bench;

import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.ReserveOutcome;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Those who buy of a {@link BareSale}, by the function itself, in batches, each trimming the lot of the one before. On one context;
 * one call after the other.
 */
public final class BareBuyers {
    private static final int A_BATCH = 500;
    private static final int LEASE_MS = 60_000;

    private final RedisLink redis;
    private final SeckillFunctions functions;
    private final SaleKeys keys;
    private List<String> confirmed = List.of();

    private record Buyer(String userId, int quantity) implements SeckillFunctions.Purchase {}

    public BareBuyers(RedisLink redis, String saleId) {
        this.redis = redis;
        this.functions = new SeckillFunctions(redis);
        this.keys = SaleKeys.of(saleId);
    }

    /** Users who buy together, prepared. */
    public static final class Batch {
        private final List<Buyer> buyers;

        private Batch(List<Buyer> buyers) {
            this.buyers = buyers;
        }
    }

    /** The users of these numbers. */
    public static Batch batch(int from, int to) {
        return new Batch(IntStream.range(from, to)
                // As long as most ids are: a UUID's text without dashes.
                .mapToObj(i -> new Buyer(String.format("%032x", 0x9e3779b97f4a7c15L * (i + 1)), 1))
                .toList());
    }

    /** The users of these numbers buy, and all their lots are confirmed. */
    public Future<Void> sell(int from, int to) {
        return from < to
                ? reserve(batch(from, Math.min(to, from + A_BATCH))).compose(v -> sell(from + A_BATCH, to))
                : reserve(batch(to, to));
    }

    /** One call: these buy, and the lot of the last call is confirmed. Fails if not all of them get a unit. */
    public Future<Void> reserve(Batch batch) {
        return functions
                .reserve(keys, BareSale.EPOCH, LEASE_MS, confirmed, batch.buyers)
                .compose(reply -> {
                    if (!(reply instanceof ReserveReply.Decided decided)
                            || !decided.outcomes().stream().allMatch(ReserveOutcome.Accepted.class::isInstance)) {
                        return Future.failedFuture("Redis does not sell: " + reply);
                    }
                    confirmed = batch.buyers.isEmpty() ? List.of() : List.of(decided.epoch() + ":" + decided.seq());
                    return Future.succeededFuture();
                });
    }

    /**
     * As if these had never come, but for the units that they took: the sale has as many buyers as before, and says so, lest
     * it be taken for one that lost some.
     */
    public Future<Void> forget(Batch batch) {
        Request call = Request.cmd(Command.HDEL).arg(keys.buyers());
        batch.buyers.forEach(buyer -> call.arg(buyer.userId()));
        return redis.send(call)
                .compose(gone -> redis.send(Request.cmd(Command.HINCRBY)
                        .arg(keys.sale())
                        .arg("holders")
                        .arg(-gone.toInteger())))
                .mapEmpty();
    }

    /** Bytes of everything that Redis keeps. */
    public Future<Long> memory() {
        return redis.send(Request.cmd(Command.INFO).arg("memory")).map(info -> info.toString()
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .findFirst()
                .map(line ->
                        Long.parseLong(line.substring("used_memory:".length()).strip()))
                .orElseThrow());
    }
}
