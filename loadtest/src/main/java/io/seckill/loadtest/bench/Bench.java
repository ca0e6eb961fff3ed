package io.seckill.loadtest.bench;

import static io.seckill.loadtest.bench.TestBed.all2xx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code seckill bench}: everything that is compared is measured in one run, in turn, round after round, since a shared machine
 * drifts. Only the wiring; walk on with {@link BenchSite}, {@link TestBed}, {@link Wrk}, {@link BacklogWatch} and
 * {@link BenchReport}.
 */
public final class Bench {
    private static final int CONNECTIONS = 256;
    private static final int USERS = 400_000;
    private static final int BUYERS_IN_MEMORY = 1_000_000;
    private static final int LONE_S = 5;
    private static final Duration REST = Duration.ofSeconds(20);

    /**
     * What is measured.
     *
     * @param rounds besides one to warm up
     * @param seconds of each measurement
     * @param warmUpSeconds of each measurement of the first round
     */
    public record Options(int rounds, int seconds, int warmUpSeconds) {}

    private final BenchSite site;
    private final PrintStream out;
    private final TestBed bed;
    private final QuietMachine quiet = new QuietMachine();

    private Bench(Vertx vertx, BenchSite site, PrintStream out) throws IOException, InterruptedException {
        this.site = site;
        this.out = out;
        this.bed = new TestBed(vertx, site, USERS);
    }

    /**
     * Measures and blocks until it is over; prints each round as it comes, then the medians.
     *
     * @return whether all that is asked for was reached
     */
    public static boolean run(BenchSite site, Options options, PrintStream out)
            throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            return new Bench(vertx, site, out).run(options);
        } finally {
            vertx.close();
        }
    }

    private boolean run(Options options) throws IOException, InterruptedException {
        out.println(BenchReport.HEAD);
        out.println(BenchReport.row("warm-up", round(options.warmUpSeconds())));
        List<BenchRound> rounds = new ArrayList<>();
        for (int number = 1; number <= options.rounds(); number++) {
            BenchRound round = round(options.seconds());
            rounds.add(round);
            out.println(BenchReport.row("" + number, round));
        }
        rest();
        Wrk.Run lone = all2xx("a lone purchase", bed.purchases(bed.sale(), 1, LONE_S));
        double bytes = bed.onLoop(() -> new BuyerMemory(bed.redis(), "bench-memory").measure(BUYERS_IN_MEMORY));
        bed.close();
        BenchReport report = new BenchReport(rounds, lone, bytes);
        out.println();
        out.println(report.render());
        return report.ok();
    }

    private BenchRound round(int seconds) throws IOException, InterruptedException {
        rest();
        Wrk.Run ceiling = all2xx("the ceiling", bed.purchases(site.ceilingUrl(), "ceiling", CONNECTIONS, seconds));
        Wrk.Run soldOut = soldOut(seconds);
        String stored = bed.sale();
        BacklogWatch.Watching watching =
                bed.onLoop(() -> Future.succeededFuture(bed.backlogs().watch(stored)));
        Wrk.Run withWorkers = all2xx("accepted", bed.purchases(stored, CONNECTIONS, seconds));
        Duration behind = bed.onLoop(watching::untilDrained).worst();
        rest();
        return new BenchRound(
                ceiling,
                soldOut,
                withWorkers,
                behind,
                withoutWorkers(seconds),
                synced(seconds),
                naive(seconds),
                bed.onBareSale(saleId -> RedisCeiling.callsPerSecond(site.redisBenchmark(), saleId)));
    }

    // MySQL goes on writing pages for seconds after all is stored, and that would be taken from the part that follows.
    private void rest() throws IOException, InterruptedException {
        if (!quiet.await(REST)) {
            out.println("(the machine was still busy after " + REST.toSeconds() + " s of rest)");
        }
    }

    private Wrk.Run soldOut(int seconds) throws IOException, InterruptedException {
        String saleId = bed.sale(1);
        bed.onLoop(() -> bed.sales().buyOne(saleId, "the-only-one"));
        Wrk.Run run = bed.purchases(saleId, CONNECTIONS, seconds);
        if (run.not2xx() != run.requests() || run.broken() > 0) {
            throw new IOException("a sold-out sale did not refuse everybody: " + run);
        }
        return run;
    }

    private Wrk.Run withoutWorkers(int seconds) throws IOException, InterruptedException {
        Wrk.Run run = bed.withoutWorkers(List.of(bed.sale()), CONNECTIONS, seconds);
        rest();
        return run;
    }

    private Wrk.Run synced(int seconds) throws IOException, InterruptedException {
        bed.onLoop(() -> appendFsync("always"));
        try {
            return withoutWorkers(seconds);
        } finally {
            bed.onLoop(() -> appendFsync("everysec"));
        }
    }

    private Future<Response> appendFsync(String when) {
        return bed.redis()
                .send(Request.cmd(Command.CONFIG).arg("SET").arg("appendfsync").arg(when));
    }

    private Wrk.Run naive(int seconds) throws IOException, InterruptedException {
        return bed.onBareSale(
                saleId -> all2xx("the naive pipeline", bed.purchases(site.naiveUrl(), saleId, CONNECTIONS, seconds)));
    }
}
