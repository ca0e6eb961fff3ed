package io.seckill.loadtest.bench;

import io.seckill.loadtest.BenchSales;
import io.seckill.loadtest.Loop;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code seckill measure soak}: one sale after the other is stormed until long after it is sold out, and after each what the
 * gateway's heap holds when its garbage is gone is looked at. What grows with purchases, refusals or sales shows.
 */
public final class Soak {
    private static final int CONNECTIONS = 256;
    private static final int USERS = 400_000;
    private static final int UNITS = 20_000;
    private static final int STORM_S = 27;
    private static final int PATIENCE_S = 60;

    /** What a gateway's process uses at a moment. */
    public interface Memory {
        /** Bytes that live objects take in the heap: collects the garbage first, and blocks meanwhile. */
        long liveBytes() throws IOException;

        /** Bytes of the whole process. */
        long residentBytes() throws IOException;
    }

    private Soak() {}

    /**
     * Blocks until it is over; prints each storm.
     *
     * @param minutes about how long
     * @return whether the heap was flat, see {@link HeapTrend}
     */
    public static boolean run(BenchSite site, Memory gateway, int minutes, PrintStream out)
            throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            Loop loop = new Loop(vertx);
            BenchSales sales = new BenchSales(vertx, site.address(), site.mint());
            Wrk wrk = Wrk.with(site, USERS);
            List<Long> heap = new ArrayList<>();
            out.println("| after | answers a second | of them 202 | p99 | live heap | process |\n"
                    + "| --- | --- | --- | --- | --- | --- |");
            long began = System.nanoTime();
            long end = began + TimeUnit.MINUTES.toNanos(minutes);
            do {
                String saleId = sale(loop, sales);
                Wrk.Run storm = wrk.run(
                        site.address().gateways().get(0) + "/api/v1/sales/" + saleId + "/orders", CONNECTIONS, STORM_S);
                heap.add(gateway.liveBytes());
                out.printf(
                        Locale.ROOT,
                        "| %.1f min | %,.0f | %,d | %.1f ms | %.1f MB | %.0f MB |%n",
                        (System.nanoTime() - began) / 60e9,
                        storm.perSecond(),
                        storm.requests() - storm.not2xx(),
                        storm.p99Ms(),
                        heap.get(heap.size() - 1) / 1e6,
                        gateway.residentBytes() / 1e6);
            } while (System.nanoTime() < end);
            HeapTrend trend = new HeapTrend(heap);
            out.println(trend.render());
            return trend.isFlat();
        } finally {
            vertx.close();
        }
    }

    private static String sale(Loop loop, BenchSales sales) throws IOException, InterruptedException {
        try {
            return loop.run(() -> sales.open(UNITS))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no new sale: " + e, e);
        }
    }
}
