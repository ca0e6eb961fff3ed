package io.seckill.worker.rebuild;

import io.seckill.schema.redis.SeckillFunctions.Holder;
import io.seckill.schema.redis.SeckillFunctions.Ledgered;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/** What a rebuild asks of MySQL. */
public interface RebuildLedger {
    /**
     * Says, as of one instant, what a sale has left and who holds what. In that instant the ledger stops taking orders of
     * earlier epochs, and counts all freed units as given back.
     *
     * @param epoch of the rebuild; fails if the sale is at another by now, or another coordinator has it
     * @param write is called after the commit; what it reads is of that very instant, and ends with its Future
     * @return what {@code write} returned
     */
    <T> Future<T> recompute(String saleId, int epoch, Function<Recomputed, Future<T>> write);

    /** The sale is on sale again; does nothing if another rebuild began meanwhile. */
    Future<Void> finish(String saleId, int epoch);

    /** A sale at one instant. */
    interface Recomputed {
        Ledgered sale();

        /** The next buyers, at most 1,000; of one user the latest order comes last. Empty at the end. */
        Future<List<Holder>> nextHolders();
    }
}
