package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Counts a sale's orders in MySQL again and again, to tell when the last one arrived: the other half of a 202's promise.
 * Never more than one question at a time, so that a slow database is not asked faster than it answers.
 */
final class StoredWatch {

    private static final long PAUSE_MS = 50;

    private final Vertx vertx;
    private final Auditor auditor;
    private final String saleId;
    private volatile long stored;
    private volatile long lastChangeNanos;
    private volatile boolean stopped;
    private volatile long awaited = Long.MAX_VALUE;
    private final Promise<Boolean> reached = Promise.promise();

    StoredWatch(Vertx vertx, Auditor auditor, String saleId) {
        this.vertx = vertx;
        this.auditor = auditor;
        this.saleId = saleId;
    }

    void start() {
        auditor.stored(saleId).onComplete(answer -> {
            if (answer.succeeded()) {
                seen(answer.result());
            }
            // A failed look is repeated like any other: whether it matters shows at the deadline.
            if (!stopped) {
                vertx.setTimer(PAUSE_MS, id -> start());
            }
        });
    }

    private void seen(long count) {
        if (count != stored) {
            stored = count;
            lastChangeNanos = System.nanoTime();
        }
        if (count >= awaited) {
            reached.tryComplete(true);
        }
    }

    /** True as soon as so many orders are in MySQL, false if that takes longer than the patience. */
    Future<Boolean> until(long count, Duration patience) {
        awaited = count;
        if (stored >= count) {
            reached.tryComplete(true);
        }
        long timer = vertx.setTimer(patience.toMillis(), id -> reached.tryComplete(false));
        return reached.future().onComplete(done -> {
            stopped = true;
            vertx.cancelTimer(timer);
        });
    }

    void stop() {
        stopped = true;
    }

    long stored() {
        return stored;
    }

    /** {@link System#nanoTime()} when the present count was first seen, at most one look after it became true. */
    long lastChangeNanos() {
        return lastChangeNanos;
    }
}
