package io.seckill.loadtest.bench;

import io.seckill.loadtest.BenchSales;
import io.seckill.loadtest.Loop;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What measurements share: the generator with its users, and clients of the stack. Its methods block; for one thread. */
public final class TestBed {
    private static final int STOCK = 10_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Loop loop;
    private final MeasuredSite site;
    private final BenchSales sales;
    private final RedisLink redis;
    private final BacklogWatch backlogs;
    private final Wrk wrk;
    private final String gateway;
    private int bareSales;

    /** @param users whose tokens are made now; where a run has more purchases than that, the rest are repeated ones */
    public TestBed(Vertx vertx, MeasuredSite site, int users) throws IOException, InterruptedException {
        this.loop = new Loop(vertx);
        this.site = site;
        this.sales = new BenchSales(vertx, site.address(), site.mint());
        this.gateway = site.address().gateways().get(0);
        this.redis = onLoop(() -> Future.succeededFuture(BacklogWatch.redis(vertx, site.redisUri())));
        this.backlogs = onLoop(() -> Future.succeededFuture(new BacklogWatch(vertx, redis, site.address())));
        this.wrk = Wrk.with(site, users);
    }

    /** Whether this machine has what it takes; if not, what is missing. */
    public static String missing() {
        return Wrk.isThere() ? "" : "wrk is not on the PATH: install it (Debian: apt install wrk)";
    }

    /** On the test bed's event loop, as {@link #onLoop} is. */
    public RedisLink redis() {
        return redis;
    }

    BenchSales sales() {
        return sales;
    }

    BacklogWatch backlogs() {
        return backlogs;
    }

    /** The id of a new sale that is open and will not be sold out. */
    public String sale() throws IOException, InterruptedException {
        return sale(STOCK);
    }

    String sale(int stock) throws IOException, InterruptedException {
        return onLoop(() -> sales.open(stock));
    }

    /** The same for several at once. */
    public List<String> sales(int count) throws IOException, InterruptedException {
        return onLoop(() -> Future.all(IntStream.range(0, count)
                        .mapToObj(i -> sales.open(STOCK))
                        .toList())
                .map(all -> all.<String>list()));
    }

    public void end(List<String> saleIds) throws IOException, InterruptedException {
        onLoop(() -> Future.all(saleIds.stream().map(sales::end).toList()));
    }

    /** Requests of purchases to the gateway, whatever comes of them. */
    Wrk.Run purchases(String saleId, int connections, int seconds) throws IOException, InterruptedException {
        return purchases(gateway, saleId, connections, seconds);
    }

    /** The same to another server. */
    Wrk.Run purchases(String base, String saleId, int connections, int seconds)
            throws IOException, InterruptedException {
        return wrk.run(base + path(saleId), connections, seconds);
    }

    private static String path(String saleId) {
        return "/api/v1/sales/" + saleId + "/orders";
    }

    /** First purchases, spread evenly over sales, all accepted while no worker takes part; they are stored afterwards. */
    public Wrk.Run withoutWorkers(List<String> saleIds, int connections, int seconds)
            throws IOException, InterruptedException {
        List<String> paths = saleIds.stream().map(TestBed::path).toList();
        site.pauseWorkers();
        Wrk.Run run;
        try {
            run = all2xx("accepted", wrk.run(gateway, paths, connections, seconds));
        } finally {
            site.resumeWorkers();
        }
        // What was accepted is stored before anything else is measured.
        onLoop(() -> Future.all(saleIds.stream()
                .map(saleId -> backlogs.watch(saleId).untilDrained())
                .toList()));
        return run;
    }

    static Wrk.Run all2xx(String what, Wrk.Run run) throws IOException {
        if (run.not2xx() > 0 || run.broken() > 0) {
            throw new IOException(what + " did not answer everybody with a success: " + run);
        }
        return run;
    }

    /** What is done with a sale. */
    public interface OnSale<T> {
        T run(String saleId) throws IOException, InterruptedException;
    }

    /** Something with a {@link BareSale} of its own. */
    public <T> T onBareSale(OnSale<T> work) throws IOException, InterruptedException {
        String saleId = "bench-bare-" + ++bareSales;
        onLoop(() -> BareSale.load(new SeckillFunctions(redis), saleId, STOCK));
        try {
            return work.run(saleId);
        } finally {
            onLoop(() -> BareSale.forget(redis, saleId));
        }
    }

    /** Does something on the clients' event loop, and blocks until it is done. */
    public <T> T onLoop(Supplier<Future<T>> work) throws IOException, InterruptedException {
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

    /** Closes its clients. */
    public void close() throws IOException, InterruptedException {
        onLoop(backlogs::close);
    }
}
