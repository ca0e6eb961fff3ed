package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code seckill measure storm} against a stack that is up: how many orders a second it accepts at most, and how many when ten
 * times as many purchases are tried, nearly all of them by buyers who were refused and come back. Only the wiring; walk on
 * with {@link Rush}.
 */
public final class StormMeasurement {
    private static final int TIMES = 10;
    /** Of a buyer; then she gives up. */
    private static final int TRIES = 4;
    /** On average: who is accepted tries no more. */
    private static final double TRIES_A_BUYER = 2.9;

    private static final int WAITING = 2_048;
    private static final int CONNECTIONS = 4_096;
    private static final int FIRST_GUESS = 1_000;
    private static final double GOAL = 0.70;
    private static final Duration TOKEN_TTL = Duration.ofHours(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WINDOW_S = 3_600;

    /**
     * What is measured.
     *
     * @param rounds besides one to warm up
     * @param seconds of each half of a round
     */
    public record Options(int rounds, int seconds) {}

    /** One round: rates are per second. */
    private record Round(double capacity, double offered, double goodput, String voidReason) {
        double share() {
            return goodput / capacity;
        }

        double times() {
            return offered / capacity;
        }
    }

    private final Vertx vertx;
    private final StackAddress stack;
    private final TokenMint mint;
    private final Options options;
    private final PrintStream out;
    private final StackApi api;
    private int crowds;

    private StormMeasurement(Vertx vertx, StackAddress stack, TokenMint mint, Options options, PrintStream out) {
        this.vertx = vertx;
        this.stack = stack;
        this.mint = mint;
        this.options = options;
        this.out = out;
        this.api = new StackApi(vertx, stack, mint);
    }

    /**
     * Measures and blocks until it is over. Prints the figures.
     *
     * @return whether in the median round ten times the capacity was offered, by a generator that kept its schedule, and at
     *     least 70 % of the capacity was accepted
     */
    public static boolean run(StackAddress stack, TokenMint mint, Options options, PrintStream out)
            throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            return new StormMeasurement(vertx, stack, mint, options, out).measure();
        } catch (Blocking.FailedException e) {
            out.println("FAILED: the measurement could not be carried through: " + e.getMessage());
            return false;
        } finally {
            vertx.close();
        }
    }

    private boolean measure() throws Blocking.FailedException, InterruptedException {
        double guess = FIRST_GUESS;
        List<Round> rounds = new ArrayList<>();
        for (int number = 0; number <= options.rounds(); number++) {
            double capacity = capacity((int) (guess * options.seconds()));
            Round round = storm(capacity);
            guess = capacity;
            say(
                    "round %d%s: capacity %,.0f a second, offered %.1f times as much, accepted %,.0f a second: %.2f of the"
                            + " capacity%s",
                    number,
                    number == 0 ? " (warm-up)" : "",
                    round.capacity,
                    round.times(),
                    round.goodput,
                    round.share(),
                    round.voidReason.isEmpty() ? "" : "; VOID: " + round.voidReason);
            if (number > 0) {
                rounds.add(round);
            }
        }
        return verdict(rounds);
    }

    private boolean verdict(List<Round> rounds) {
        double share = median(rounds.stream().mapToDouble(Round::share).toArray());
        double times = median(rounds.stream().mapToDouble(Round::times).toArray());
        boolean punctual = rounds.stream().allMatch(round -> round.voidReason.isEmpty());
        say("median: %.2f of the capacity at %.1f times the load; asked for is %.2f at %d", share, times, GOAL, TIMES);
        return punctual && share >= GOAL && times >= TIMES;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** So many buyers, of whom as many are always waiting for their answer as fit: hardly anybody is refused. */
    private double capacity(int buyers) throws Blocking.FailedException, InterruptedException {
        RushPlan.Limits limits = new RushPlan.Limits(WAITING, 1_000, PATIENCE.dividedBy(4), PATIENCE, PATIENCE, 1.0);
        Series series = new Series();
        rush(Arrivals.over(buyers, Duration.ZERO), limits, series);
        return series.rate(series.lengthMs() / 4, 3 * series.lengthMs() / 4, Progress::accepted);
    }

    private Round storm(double capacity) throws Blocking.FailedException, InterruptedException {
        int perSecond = (int) Math.ceil(TIMES * capacity / TRIES_A_BUYER);
        Arrivals arrivals = Arrivals.atRate(perSecond * options.seconds(), perSecond);
        RushPlan.Limits limits = new RushPlan.Limits(
                CONNECTIONS, TRIES, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(200), 0.02);
        Series series = new Series();
        RushResult result = rush(arrivals, limits, series);
        // From when those come back who were refused first to when the last one comes.
        long from = options.seconds() * 1_000L / 2;
        long to = options.seconds() * 1_000L;
        return new Round(
                capacity,
                series.rate(from, to, Progress::requests),
                series.rate(from, to, Progress::accepted),
                result.lateness().voidReason().orElse(""));
    }

    private RushResult rush(Arrivals arrivals, RushPlan.Limits limits, Series series)
            throws Blocking.FailedException, InterruptedException {
        Crowd crowd = Crowd.mint(mint, "storm-" + ++crowds + "-", arrivals.count(), TOKEN_TTL);
        DemoSale sale = new DemoSale(vertx, api, stack.gateways());
        Future<RushResult> rush = sale.create("Storm", arrivals.count(), WINDOW_S)
                .compose(id -> sale.open(id, PATIENCE)
                        .compose(v -> Rush.run(
                                vertx, new RushPlan(id, stack.gateways(), arrivals, 0, limits), crowd, series::add)));
        return Blocking.await(rush, PATIENCE.multipliedBy(4));
    }

    /** What was counted when; written by the rush's event loop, read when it is over. */
    private static final class Series {
        private final List<Progress> points = new ArrayList<>();

        synchronized void add(Progress point) {
            points.add(point);
        }

        synchronized double rate(long fromMs, long toMs, java.util.function.ToLongFunction<Progress> count) {
            Progress first = at(fromMs);
            Progress last = at(toMs);
            return 1_000.0
                    * (count.applyAsLong(last) - count.applyAsLong(first))
                    / (last.elapsedMs() - first.elapsedMs());
        }

        synchronized long lengthMs() {
            return points.get(points.size() - 1).elapsedMs();
        }

        private Progress at(long ms) {
            return points.stream()
                    .filter(point -> point.elapsedMs() >= ms)
                    .findFirst()
                    .orElse(points.get(points.size() - 1));
        }
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
