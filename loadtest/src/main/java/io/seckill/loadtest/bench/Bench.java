package io.seckill.loadtest.bench;

import io.seckill.loadtest.BenchSales;
import io.seckill.loadtest.Loop;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * {@code seckill bench}: everything that is compared is measured in one run, in turn, round after round, since a shared machine
 * drifts. Only the wiring; walk on with {@link BenchSite}, {@link Wrk}, {@link BacklogWatch} and {@link BenchReport}.
 */
public final class Bench {
    private static final int CONNECTIONS = 256;
    private static final int USERS = 400_000;
    private static final int STOCK = 10_000_000;
    private static final int BUYERS_IN_MEMORY = 1_000_000;
    private static final int LONE_S = 5;
    private static final Duration TOKEN_TTL = Duration.ofHours(6);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * What is measured.
     *
     * @param rounds besides one to warm up
     * @param seconds of each measurement
     * @param warmUpSeconds of each measurement of the first round
     */
    public record Options(int rounds, int seconds, int warmUpSeconds) {}

    private final Loop loop;
    private final BenchSite site;
    private final PrintStream out;
    private final BenchSales sales;
    private final RedisLink redis;
    private final BacklogWatch backlogs;
    private final Wrk wrk;
    private final String gateway;
    private int bareSales;

    private Bench(Vertx vertx, BenchSite site, PrintStream out) throws IOException, InterruptedException {
        this.loop = new Loop(vertx);
        this.site = site;
        this.out = out;
        this.sales = new BenchSales(vertx, site.address(), site.mint());
        this.gateway = site.address().gateways().get(0);
        this.redis = onLoop(() -> Future.succeededFuture(BacklogWatch.redis(vertx, site.redisUri())));
        this.backlogs = onLoop(() -> Future.succeededFuture(new BacklogWatch(vertx, redis, site.address())));
        Path tokens = Wrk.mint(site.scratch().resolve("tokens.tsv"), site.mint(), USERS, TOKEN_TTL);
        this.wrk = new Wrk(site.root().resolve("loadtest/wrk/bench.lua"), tokens, USERS);
    }

    /** Whether this machine has what it takes; if not, what is missing. */
    public static String missing() {
        return Wrk.isThere() ? "" : "wrk is not on the PATH: install it (Debian: apt install wrk)";
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
        Wrk.Run lone = all2xx("a lone purchase", wrk.run(orders(gateway, sale(STOCK)), 1, LONE_S));
        double bytes = onLoop(() -> new BuyerMemory(redis, "bench-memory").measure(BUYERS_IN_MEMORY));
        onLoop(backlogs::close);
        BenchReport report = new BenchReport(rounds, lone, bytes);
        out.println();
        out.println(report.render());
        return report.ok();
    }

    private BenchRound round(int seconds) throws IOException, InterruptedException {
        Wrk.Run ceiling = all2xx("the ceiling", wrk.run(orders(site.ceilingUrl(), "ceiling"), CONNECTIONS, seconds));
        Wrk.Run soldOut = soldOut(seconds);
        String stored = sale(STOCK);
        BacklogWatch.Watching watching = onLoop(() -> Future.succeededFuture(backlogs.watch(stored)));
        Wrk.Run withWorkers = all2xx("accepted", wrk.run(orders(gateway, stored), CONNECTIONS, seconds));
        Duration behind = onLoop(watching::untilDrained).worst();
        return new BenchRound(
                ceiling, soldOut, withWorkers, behind, withoutWorkers(seconds), naive(seconds), redisAlone());
    }

    private Wrk.Run soldOut(int seconds) throws IOException, InterruptedException {
        String saleId = sale(1);
        onLoop(() -> sales.buyOne(saleId, "the-only-one"));
        Wrk.Run run = wrk.run(orders(gateway, saleId), CONNECTIONS, seconds);
        if (run.not2xx() != run.requests() || run.broken() > 0) {
            throw new IOException("a sold-out sale did not refuse everybody: " + run);
        }
        return run;
    }

    private Wrk.Run withoutWorkers(int seconds) throws IOException, InterruptedException {
        String saleId = sale(STOCK);
        site.pauseWorkers();
        Wrk.Run run;
        try {
            run = all2xx("accepted", wrk.run(orders(gateway, saleId), CONNECTIONS, seconds));
        } finally {
            site.resumeWorkers();
        }
        // What was accepted is stored before anything else is measured.
        onLoop(() -> backlogs.watch(saleId).untilDrained());
        return run;
    }

    private Wrk.Run naive(int seconds) throws IOException, InterruptedException {
        return onBareSale(
                saleId -> all2xx("the naive pipeline", wrk.run(orders(site.naiveUrl(), saleId), CONNECTIONS, seconds)));
    }

    private double redisAlone() throws IOException, InterruptedException {
        return onBareSale(saleId -> RedisCeiling.callsPerSecond(site.redisBenchmark(), saleId));
    }

    private interface OnSale<T> {
        T run(String saleId) throws IOException, InterruptedException;
    }

    private <T> T onBareSale(OnSale<T> work) throws IOException, InterruptedException {
        String saleId = "bench-bare-" + ++bareSales;
        onLoop(() -> BareSale.load(new SeckillFunctions(redis), saleId, STOCK));
        try {
            return work.run(saleId);
        } finally {
            onLoop(() -> BareSale.forget(redis, saleId));
        }
    }

    private String sale(int stock) throws IOException, InterruptedException {
        return onLoop(() -> sales.open(stock));
    }

    private static String orders(String base, String saleId) {
        return base + "/api/v1/sales/" + saleId + "/orders";
    }

    private static Wrk.Run all2xx(String what, Wrk.Run run) throws IOException {
        if (run.not2xx() > 0 || run.broken() > 0) {
            throw new IOException(what + " did not answer everybody with a success: " + run);
        }
        return run;
    }

    private <T> T onLoop(Supplier<Future<T>> work) throws IOException, InterruptedException {
        try {
            return loop.run(work).toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    e.getCause() == null
                            ? "not done in " + PATIENCE
                            : e.getCause().getMessage(),
                    e);
        }
    }
}
