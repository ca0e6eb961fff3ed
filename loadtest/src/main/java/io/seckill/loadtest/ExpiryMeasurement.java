package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code seckill measure expiry} against a stack that is up: everybody buys, nobody pays, and MySQL tells how late the
 * orders expired. Only the wiring; walk on with {@link Rush}, {@link FreeUnitsWatch}, {@link ExpiryLag} and {@link
 * ExpiryReport}.
 */
public final class ExpiryMeasurement {

    private static final String SWEPT = "seckill_worker_orders_swept_total";
    private static final int ARRIVALS_PER_SECOND = 5_000;
    private static final Duration TOKEN_TTL = Duration.ofHours(1);
    private static final Duration OPEN_PATIENCE = Duration.ofSeconds(30);
    /** Before the end of the last payment window: long after each gateway has seen that units are taken. */
    private static final Duration LOOK_BEFORE = Duration.ofMillis(500);

    private static final Duration EXPIRY_PATIENCE = Duration.ofSeconds(60);

    private static final Duration WHOLE_PATIENCE = Duration.ofHours(2);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    /**
     * What is measured.
     *
     * @param orders of one unit each
     * @param windowSeconds the time they could be paid in
     */
    public record Options(int orders, int windowSeconds) {

        public Options {
            if (orders < 1 || windowSeconds < 1) {
                throw new IllegalArgumentException("it takes at least one order and a window of one second");
            }
        }
    }

    private final Vertx vertx;
    private final StackAddress stack;
    private final Options options;
    private final PrintStream out;
    private final StackApi api;
    private final StoredOrders stored;
    private final Meters workers;

    private ExpiryMeasurement(
            Vertx vertx, StackAddress stack, List<String> workers, TokenMint mint, Options options, PrintStream out) {
        this.vertx = vertx;
        this.stack = stack;
        this.options = options;
        this.out = out;
        this.api = new StackApi(vertx, stack, mint);
        this.stored = new StoredOrders(vertx, stack);
        this.workers = new Meters(vertx, workers);
    }

    /**
     * Measures and blocks until it is over. Prints the figures.
     *
     * @param workers base URLs of the workers' management listeners
     * @return true only if every order expired, in time, and every unit came back
     */
    public static boolean run(
            StackAddress stack, List<String> workers, TokenMint mint, Options options, PrintStream out)
            throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            Crowd crowd = Crowd.mint(mint, "late-", options.orders(), TOKEN_TTL);
            ExpiryReport report = Blocking.await(
                    new ExpiryMeasurement(vertx, stack, workers, mint, options, out).measure(crowd), WHOLE_PATIENCE);
            out.println(report.render());
            return report.ok();
        } catch (Blocking.FailedException e) {
            out.println("FAILED: the measurement could not be carried through: " + e.getMessage());
            return false;
        } finally {
            close(vertx);
        }
    }

    private static void close(Vertx vertx) throws InterruptedException {
        try {
            Blocking.await(vertx.close(), CLOSE_PATIENCE);
        } catch (Blocking.FailedException e) {
            // The figures are printed; a client that closes slowly does not change them.
        }
    }

    private Future<ExpiryReport> measure(Crowd crowd) {
        DemoSale sale = new DemoSale(vertx, api, stack.gateways());
        return workers.sum(SWEPT).compose(sweptBefore -> sale.create(
                        "Expiry: " + options.orders() + " orders", options.orders(), options.windowSeconds())
                .compose(saleId -> sale.open(saleId, OPEN_PATIENCE)
                        .compose(v -> buy(saleId, crowd))
                        .compose(rush -> awaitExpiry(saleId, rush, sweptBefore))));
    }

    private Future<RushResult> buy(String saleId, Crowd crowd) {
        Arrivals arrivals = Arrivals.atRate(options.orders(), ARRIVALS_PER_SECOND);
        say("Sale %s: %,d buyers who will not pay.", saleId, options.orders());
        return Rush.run(vertx, RushPlan.of(saleId, stack.gateways(), arrivals), crowd, progress -> {});
    }

    private Future<ExpiryReport> awaitExpiry(String saleId, RushResult rush, double sweptBefore) {
        int accepted = rush.buyers().accepted();
        say("%,d have an order. Waiting for %d s and until all units are back.", accepted, options.windowSeconds());
        FreeUnitsWatch watch = new FreeUnitsWatch(vertx, api, saleId, options.orders());
        return until(rush.pace().lastAcceptedNanos()
                        + TimeUnit.SECONDS.toNanos(options.windowSeconds())
                        - LOOK_BEFORE.toNanos())
                .compose(v -> watch.allFree(stack.gateways()).timeout(EXPIRY_PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .otherwise((Instant) null)
                .compose(free -> stored.expiryLag(saleId).compose(lag -> workers.sum(SWEPT)
                        .map(swept -> new ExpiryReport(
                                options,
                                accepted,
                                Duration.ofMillis(Math.round(
                                        1_000 * accepted / rush.pace().acceptedPerSecond())),
                                lag,
                                Math.round(swept - sweptBefore),
                                free == null ? null : Duration.between(lag.lastPayBy(), free)))));
    }

    private Future<?> until(long nanoTime) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime());
        return millis < 1 ? Future.succeededFuture() : vertx.timer(millis, TimeUnit.MILLISECONDS);
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
