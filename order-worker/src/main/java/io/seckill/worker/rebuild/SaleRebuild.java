package io.seckill.worker.rebuild;

import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.message.Lot;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.seckill.schema.redis.SeckillFunctions.Armed;
import io.seckill.worker.rebuild.RebuildLedger.Recomputed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Brings one sale back after Redis lost it, or any part of it, in this order:
 *
 * <ol>
 *   <li>fence: from here nobody reserves, under whatever epoch;
 *   <li>wait out the purchase deadline: whoever was given a 202 had its order confirmed by RabbitMQ before that, and nobody
 *       is given one later;
 *   <li>carry over: lots that survived in the outbox are sent again, so what is unknown to a buyer becomes an order;
 *   <li>drain: what RabbitMQ confirmed is in the ledger;
 *   <li>recompute: the ledger says what is left, and takes no order of an earlier epoch any more;
 *   <li>write what it says into Redis, and arm last.
 * </ol>
 *
 * <p>The rebuild's epoch is its fencing token: the ledger recomputes only for the sale's current epoch, and Redis lets only
 * the newest fence that it remembers write and arm. It remembers as volatilely as it is armed: a rebuild under whose hands
 * Redis is lost again fails, and begins anew under a new epoch.
 *
 * <p>Knows no client and no clock, so the simulation runs this very class. Calls and completions on one context.
 */
public final class SaleRebuild {
    private static final int SURVIVORS_PAGE = 100;

    private final RebuildLedger ledger;
    private final SeckillFunctions redis;
    private final QueueDrain drain;
    private final Function<Lot, Future<Void>> publish;
    private final IntFunction<Future<?>> pause;
    private final int waitMs;

    /**
     * @param publish sends a lot on its way again; succeeds when RabbitMQ confirmed it
     * @param pause completes after so many ms
     * @param waitMs no less than any gateway's purchase deadline
     */
    public SaleRebuild(
            RebuildLedger ledger,
            SeckillFunctions redis,
            QueueDrain drain,
            Function<Lot, Future<Void>> publish,
            IntFunction<Future<?>> pause,
            int waitMs) {
        this.ledger = ledger;
        this.redis = redis;
        this.drain = drain;
        this.publish = publish;
        this.pause = pause;
        this.waitMs = waitMs;
    }

    /**
     * One try.
     *
     * @param epoch of this try, and of no other
     * @param acceptEpoch orders of an earlier epoch are not taken by the ledger any more
     * @return succeeds when the sale is on sale again, with how many units it has left; after a failure nothing is sold, and
     *     another try is safe at any time
     */
    public Future<Integer> run(String saleId, int epoch, int acceptEpoch) {
        SaleKeys keys = SaleKeys.of(saleId);
        return redis.fence(keys, epoch)
                .compose(fenced -> fenced ? pause.apply(waitMs) : Future.failedFuture(overtaken(epoch)))
                .onSuccess(v -> CrashPoint.REBUILD_FENCED.reach())
                .compose(v -> carryOver(keys, acceptEpoch, "0"))
                .compose(v -> drain.drained())
                .compose(v -> ledger.recompute(saleId, epoch, recomputed -> write(keys, epoch, recomputed)))
                .onSuccess(v -> CrashPoint.REBUILD_ARMED.reach())
                .compose(remaining -> ledger.finish(saleId, epoch).map(remaining));
    }

    private Future<Void> carryOver(SaleKeys keys, int acceptEpoch, String cursor) {
        return redis.survivors(keys, cursor, SURVIVORS_PAGE).compose(page -> {
            List<Future<?>> sent = new ArrayList<>();
            for (Lot lot : page.lots()) {
                if (lot.epoch() >= acceptEpoch) {
                    sent.add(publish.apply(lot));
                }
            }
            return Future.all(sent)
                    .compose(v ->
                            page.last() ? Future.succeededFuture() : carryOver(keys, acceptEpoch, page.nextCursor()));
        });
    }

    private Future<Integer> write(SaleKeys keys, int epoch, Recomputed recomputed) {
        CrashPoint.REBUILD_RECOMPUTED.reach();
        return redis.rebuild(keys, epoch, recomputed.sale())
                .compose(begun -> begun ? restore(keys, epoch, recomputed, 0) : Future.failedFuture(overtaken(epoch)))
                .compose(holders -> {
                    CrashPoint.REBUILD_WRITTEN.reach();
                    return redis.arm(keys, epoch, holders);
                })
                .compose(armed -> armed == Armed.ARMED
                        ? Future.succeededFuture(recomputed.sale().remaining())
                        : Future.failedFuture(new IllegalStateException("Redis does not arm it: " + armed)));
    }

    private Future<Integer> restore(SaleKeys keys, int epoch, Recomputed recomputed, int before) {
        return recomputed
                .nextHolders()
                .compose(page -> page.isEmpty()
                        ? Future.succeededFuture(before)
                        : redis.restore(keys, epoch, page)
                                .compose(fresh -> fresh == SeckillFunctions.STALE
                                        ? Future.failedFuture(overtaken(epoch))
                                        : restore(keys, epoch, recomputed, before + fresh)));
    }

    private static IllegalStateException overtaken(int epoch) {
        return new IllegalStateException(
                "Redis was lost again, or a newer rebuild came: this one, of epoch " + epoch + ", is over");
    }
}
