package io.seckill.loadtest.bench;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code seckill measure soak}: one sale after the other is stormed until long after it is sold out, and after each what the
 * gateway's heap holds when its garbage is gone is looked at. What grows with purchases, refusals or sales shows.
 */
public final class Soak {
    private static final int CONNECTIONS = 256;
    private static final int USERS = 400_000;
    private static final int UNITS = 20_000;
    private static final int STORM_S = 27;

    private Soak() {}

    /**
     * Blocks until it is over; prints each storm.
     *
     * @param minutes about how long
     * @return whether the heap was flat, see {@link HeapTrend}
     */
    public static boolean run(MeasuredSite site, int minutes, PrintStream out)
            throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            TestBed bed = new TestBed(vertx, site, USERS);
            GatewayMemory gateway = site.gatewayMemory();
            List<Long> heap = new ArrayList<>();
            out.println("| after | answers a second | of them 202 | p99 | live heap | process |\n"
                    + "| --- | --- | --- | --- | --- | --- |");
            long began = System.nanoTime();
            long end = began + TimeUnit.MINUTES.toNanos(minutes);
            do {
                Wrk.Run storm = bed.purchases(bed.sale(UNITS), CONNECTIONS, STORM_S);
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
            bed.close();
            HeapTrend trend = new HeapTrend(heap);
            out.println(trend.render());
            return trend.isFlat();
        } finally {
            vertx.close();
        }
    }
}
