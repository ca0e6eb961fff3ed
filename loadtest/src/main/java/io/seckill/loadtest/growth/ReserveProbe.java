package io.seckill.loadtest.growth;

import io.seckill.loadtest.bench.BareBuyers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Calls of reserve, one after the other, whose buyers are forgotten after each call, outside of what is measured: the sale does
 * not grow. On the context of its {@link BareBuyers}.
 */
final class ReserveProbe {
    private static final int DIGITS = 3;

    private final BareBuyers buyers;
    private final BareBuyers.Batch batch;
    private final Histogram nanos = new Histogram(DIGITS);
    private final Promise<Histogram> done = Promise.promise();
    private final long until;

    private ReserveProbe(BareBuyers buyers, BareBuyers.Batch batch, Duration length) {
        this.buyers = buyers;
        this.batch = batch;
        this.until = System.nanoTime() + length.toNanos();
    }

    /**
     * Measures.
     *
     * @param there users with numbers from 0, who have bought already
     * @param size purchases in a call
     * @return nanoseconds from a call to its reply
     */
    static Future<Histogram> measure(BareBuyers buyers, int there, int size, Duration length) {
        ReserveProbe probe = new ReserveProbe(buyers, BareBuyers.batch(there, there + size), length);
        probe.call();
        return probe.done.future();
    }

    private void call() {
        long began = System.nanoTime();
        buyers.reserve(batch)
                .compose(v -> {
                    nanos.recordValue(System.nanoTime() - began);
                    return buyers.forget(batch);
                })
                .onComplete(v -> next(), done::fail);
    }

    private void next() {
        if (System.nanoTime() < until) {
            call();
        } else {
            done.complete(nanos);
        }
    }
}
