package io.seckill.loadtest.growth;

import io.seckill.loadtest.bench.BareBuyers;
import io.seckill.loadtest.bench.MeasuredSite;
import io.seckill.loadtest.bench.TestBed;
import io.seckill.loadtest.bench.Wrk;
import io.seckill.loadtest.growth.Curves.Column;
import io.seckill.loadtest.growth.Curves.Point;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * {@code seckill measure growth}: one thing grows, all else stays. Only the wiring; walk on with {@link GrowthPlan}, {@link TestBed},
 * {@link ReserveProbe} and {@link Curves}.
 */
public final class Growth {
    private static final int USERS = 250_000;
    private static final int CONNECTIONS = 256;
    private static final int A_CALL = 64;
    private static final double MIB = 1 << 20;
    private static final double NANOS_A_MILLI = 1e6;
    private static final double NANOS_A_MICRO = 1e3;

    private static final List<Column> PURCHASES = List.of(
            new Column("accepted a second", "", 0, Plot.Frame.ACCEPTED),
            new Column("p50", "ms", 2, Plot.Frame.LATENCY),
            new Column("p99", "ms", 2, Plot.Frame.LATENCY));

    private final MeasuredSite site;
    private final GrowthPlan plan;
    private final TestBed bed;

    private Growth(Vertx vertx, MeasuredSite site, GrowthPlan plan) throws IOException, InterruptedException {
        this.site = site;
        this.plan = plan;
        this.bed = new TestBed(vertx, site, USERS);
    }

    /**
     * Measures and blocks until it is over.
     *
     * @param folder of the plots
     * @param out gets a Markdown table of each measurement as it comes
     */
    public static void run(MeasuredSite site, GrowthPlan plan, Path folder, PrintStream out)
            throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            new Growth(vertx, site, plan).run(folder, out);
        } finally {
            vertx.close();
        }
    }

    private interface Measurement {
        Curves measure() throws IOException, InterruptedException;
    }

    private void run(Path folder, PrintStream out) throws IOException, InterruptedException {
        warmUp();
        for (Measurement measurement :
                List.<Measurement>of(this::connections, this::sales, this::buyers, this::batches)) {
            Curves curves = measurement.measure();
            Plot.write(curves, folder);
            out.println();
            out.print(curves.markdown());
            out.flush();
        }
        bed.close();
    }

    private void warmUp() throws IOException, InterruptedException {
        List<String> sale = bed.sales(1);
        bed.withoutWorkers(sale, CONNECTIONS, plan.warmUpSeconds());
        bed.end(sale);
        bed.onBareSale(saleId -> {
            BareBuyers buyers = new BareBuyers(bed.redis(), saleId);
            return bed.onLoop(() -> ReserveProbe.measure(buyers, 0, A_CALL, Duration.ofSeconds(plan.warmUpSeconds())));
        });
    }

    private Curves connections() throws IOException, InterruptedException {
        List<Point> points = new ArrayList<>();
        for (int connections : plan.connections()) {
            List<String> sale = bed.sales(1);
            points.add(new Point(connections, values(accepted(sale, connections))));
            bed.end(sale);
        }
        return new Curves("connections", PURCHASES, points);
    }

    private Curves sales() throws IOException, InterruptedException {
        List<Point> points = new ArrayList<>();
        for (int count : plan.sales()) {
            List<String> sales = bed.sales(count);
            List<Double> values = new ArrayList<>(values(accepted(sales, CONNECTIONS)));
            values.add(site.gatewayMemory().liveBytes() / MIB);
            points.add(new Point(count, values));
            bed.end(sales);
        }
        List<Column> columns = new ArrayList<>(PURCHASES);
        columns.add(new Column("gateway's heap", "MiB", 1, Plot.Frame.MEMORY));
        return new Curves("sales", columns, points);
    }

    private Wrk.Run accepted(List<String> sales, int connections) throws IOException, InterruptedException {
        Wrk.Run run = bed.withoutWorkers(sales, connections, plan.seconds());
        if (run.requests() > USERS) {
            throw new IOException("users came twice: " + run.requests() + " purchases of " + USERS + " users");
        }
        return run;
    }

    private static List<Double> values(Wrk.Run run) {
        return List.of(run.successesPerSecond(), run.p50Ms(), run.p99Ms());
    }

    private Curves buyers() throws IOException, InterruptedException {
        return bed.onBareSale(saleId -> {
            BareBuyers buyers = new BareBuyers(bed.redis(), saleId);
            long before = bed.onLoop(buyers::memory);
            List<Point> points = new ArrayList<>();
            int there = 0;
            for (int count : plan.buyers()) {
                int from = there;
                bed.onLoop(() -> buyers.sell(from, count));
                there = count;
                long memory = bed.onLoop(buyers::memory) - before;
                Histogram nanos = probe(buyers, count, A_CALL);
                points.add(new Point(
                        count,
                        List.of(
                                nanos.getValueAtPercentile(50) / NANOS_A_MILLI,
                                nanos.getValueAtPercentile(99) / NANOS_A_MILLI,
                                memory / MIB)));
            }
            return new Curves(
                    "buyers",
                    List.of(
                            new Column("p50 of a call of " + A_CALL, "ms", 3, Plot.Frame.LATENCY),
                            new Column("p99 of a call of " + A_CALL, "ms", 3, Plot.Frame.LATENCY),
                            new Column("Redis' memory", "MiB", 1, Plot.Frame.MEMORY)),
                    points);
        });
    }

    private Curves batches() throws IOException, InterruptedException {
        List<Point> points = new ArrayList<>();
        for (int size : plan.batches()) {
            Histogram nanos = bed.onBareSale(saleId -> probe(new BareBuyers(bed.redis(), saleId), 0, size));
            points.add(
                    new Point(size, List.of(nanos.getMean() / NANOS_A_MICRO / size, nanos.getMean() / NANOS_A_MICRO)));
        }
        return new Curves(
                "purchases in a call",
                List.of(
                        new Column("a purchase", "µs", 2, Plot.Frame.CALL),
                        new Column("the call", "µs", 1, Plot.Frame.CALL)),
                points);
    }

    private Histogram probe(BareBuyers buyers, int there, int size) throws IOException, InterruptedException {
        return bed.onLoop(() -> ReserveProbe.measure(buyers, there, size, Duration.ofSeconds(plan.seconds())));
    }
}
