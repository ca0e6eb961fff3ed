package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code seckill demo} against a stack that is up: a sale, a rush, the wait for MySQL, the audit. Only the wiring; walk
 * on with {@link DemoSale}, {@link Rush}, {@link StoredWatch}, {@link Auditor} and {@link DemoReport}.
 */
public final class Demo {

    private static final int ARRIVALS_PER_SECOND = 5_000;
    private static final int PAYMENT_WINDOW_S = 900;
    private static final int WARM_UP_BUYERS = 12_000;
    private static final int WARM_UP_UNITS = 3_000;
    private static final int WARM_UP_PER_SECOND = 2_500;
    private static final int TRY_UNITS = 100;
    private static final Duration UNTIL_TRY = Duration.ofSeconds(20);
    private static final long LOOK_AT_STOCK_MS = 200;
    private static final Duration TOKEN_TTL = Duration.ofHours(1);
    private static final Duration OPEN_PATIENCE = Duration.ofSeconds(30);
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(60);
    private static final Duration WHOLE_PATIENCE = Duration.ofMinutes(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    /**
     * How large a demo is.
     *
     * @param units for sale
     * @param buyers who come for one each
     */
    public record Options(int units, int buyers) {

        public Options {
            if (units < 1 || buyers < 1) {
                throw new IllegalArgumentException("a demo needs at least one unit and one buyer");
            }
        }

        /** 1,000 units, 20,000 buyers. */
        public Options() {
            this(1_000, 20_000);
        }

        public static Options defaults() {
            return new Options();
        }
    }

    private final Vertx vertx;
    private final StackAddress stack;
    private final Options options;
    private final PrintStream out;
    private final StackApi api;
    private final Auditor auditor;
    private final Arrivals arrivals;
    private final DemoDisplay display;

    private Demo(Vertx vertx, StackAddress stack, TokenMint mint, Options options, PrintStream out) {
        this.vertx = vertx;
        this.stack = stack;
        this.options = options;
        this.out = out;
        this.api = new StackApi(vertx, stack, mint);
        this.auditor = new Auditor(vertx, stack, mint);
        this.arrivals = Arrivals.atRate(options.buyers(), ARRIVALS_PER_SECOND);
        this.display = new DemoDisplay(new Terminal(out), options.units());
    }

    /**
     * Runs the demo and blocks until it is over. Prints progress, tables and verdict.
     *
     * @param out should be able to print UTF-8
     * @return true only if the audit balances, min(units, buyers) were sold and nothing unexpected occurred
     */
    public static boolean run(StackAddress stack, TokenMint mint, Options options, PrintStream out)
            throws InterruptedException {
        // Two event loops: the rush keeps one of them busy.
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try {
            Crowd early = Crowd.mint(mint, "early-", WARM_UP_BUYERS, TOKEN_TTL);
            Crowd crowd = Crowd.mint(mint, "buyer-", options.buyers(), TOKEN_TTL);
            Demo demo = new Demo(vertx, stack, mint, options, out);
            DemoReport report = Blocking.await(demo.warmUp(early).compose(v -> demo.play(crowd)), WHOLE_PATIENCE);
            out.println(report.render());
            return report.ok();
        } catch (Blocking.FailedException e) {
            out.println();
            out.println("FAILED: the demo could not be carried through: " + e.getMessage());
            return false;
        } finally {
            close(vertx);
        }
    }

    /**
     * Makes a sale for whoever opens the shop after the rush, with a countdown to its start. Blocks.
     *
     * @return whether it is there
     */
    public static boolean offerATry(StackAddress stack, TokenMint mint) throws InterruptedException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            DemoSale sale = new DemoSale(vertx, new StackApi(vertx, stack, mint), stack.gateways());
            Blocking.await(
                    sale.create(
                            "Your turn: " + TRY_UNITS + " units",
                            "Sign in with any name, and press when the button opens.",
                            TRY_UNITS,
                            PAYMENT_WINDOW_S,
                            UNTIL_TRY),
                    OPEN_PATIENCE);
            return true;
        } catch (Blocking.FailedException e) {
            return false;
        } finally {
            close(vertx);
        }
    }

    private static void close(Vertx vertx) throws InterruptedException {
        try {
            Blocking.await(vertx.close(), CLOSE_PATIENCE);
        } catch (Blocking.FailedException e) {
            // The demo is over and its verdict printed; a client that closes slowly changes neither.
        }
    }

    /** What started a moment ago is still being compiled; without this the rush would measure that. Its sale is small. */
    private Future<Void> warmUp(Crowd early) {
        say("Warming up with %,d buyers and a sale of their own.", WARM_UP_BUYERS);
        Arrivals gentle = Arrivals.atRate(WARM_UP_BUYERS, WARM_UP_PER_SECOND);
        DemoSale sale = new DemoSale(vertx, api, stack.gateways());
        return sale.create("Demo: warm-up", WARM_UP_UNITS, PAYMENT_WINDOW_S)
                .compose(saleId -> sale.open(saleId, OPEN_PATIENCE)
                        .compose(v ->
                                Rush.run(vertx, RushPlan.of(saleId, stack.gateways(), gentle), early, progress -> {})))
                .mapEmpty();
    }

    private Future<DemoReport> play(Crowd crowd) {
        DemoSale sale = new DemoSale(vertx, api, stack.gateways());
        return sale.create("Demo: " + options.units() + " units", options.units(), PAYMENT_WINDOW_S)
                .compose(saleId -> {
                    say("Sale %s: %,d units, opening in a second.", saleId, options.units());
                    return sale.open(saleId, OPEN_PATIENCE).map(saleId);
                })
                .compose(saleId -> rush(saleId, crowd));
    }

    private Future<DemoReport> rush(String saleId, Crowd crowd) {
        say(
                "Open on %d gateway(s). %,d buyers arrive within %.1f s.",
                stack.gateways().size(), options.buyers(), arrivals.ramp().toMillis() / 1000.0);
        StoredWatch watch = new StoredWatch(vertx, auditor, saleId);
        watch.start();
        long drawing = vertx.setPeriodic(display.periodMs(), id -> {
            display.stored(watch.stored());
            display.draw();
        });
        long looking = vertx.setPeriodic(
                LOOK_AT_STOCK_MS, id -> api.sale(stack.gateways().get(0), saleId)
                        .onSuccess(sale -> display.remaining(sale.getLong("remaining"))));
        return Rush.run(vertx, RushPlan.of(saleId, stack.gateways(), arrivals), crowd, display::progress)
                .compose(result ->
                        watch.until(result.buyers().accepted(), STORE_PATIENCE).map(reached -> result))
                .onComplete(done -> {
                    watch.stop();
                    vertx.cancelTimer(drawing);
                    vertx.cancelTimer(looking);
                    display.stored(watch.stored());
                    display.end();
                })
                .compose(result -> report(saleId, result, watch));
    }

    private Future<DemoReport> report(String saleId, RushResult result, StoredWatch watch) {
        long lagNanos = watch.lastChangeNanos() - result.pace().lastAcceptedNanos();
        Duration lag = Duration.ofNanos(result.pace().lastAcceptedNanos() == 0 ? 0 : Math.max(0, lagNanos));
        return auditor.audit(saleId, result.history())
                .map(audit -> new DemoReport(options, arrivals.ramp(), result, watch.stored(), lag, audit));
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
