package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A live sale during which somebody breaks the system: opened, bought by a crowd whose clients try again for as long as it
 * takes, left to come to rest, and judged by the {@link Auditor}. For commands and tests, whose thread waits. Only the wiring;
 * walk on with {@link DemoSale} and {@link Rush}.
 */
public final class SaleTrial {
    private static final Duration TOKEN_TTL = Duration.ofHours(1);
    private static final Duration OPEN_PATIENCE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(50);
    // Minutes of trying: only a system that stays broken turns somebody away.
    private static final RushPlan.Limits LIMITS =
            new RushPlan.Limits(64, 120, Duration.ofSeconds(5), PATIENCE, Duration.ofSeconds(1), 0.01);

    /**
     * What is tried.
     *
     * @param windowSeconds the time in which orders can be paid; nobody does
     * @param untilAllFree whether it only is at rest when all orders expired and every unit is back
     */
    public record Terms(int units, int buyers, int buyersPerSecond, int windowSeconds, boolean untilAllFree) {}

    /**
     * What came of it.
     *
     * @param accepted buyers with a 202
     * @param turnedAway buyers who gave up or never learned the outcome
     * @param report the auditor's judgement
     */
    public record Outcome(int accepted, int turnedAway, AuditReport report) {
        /** Every promise is kept, the sums are right, and the system sold again before its buyers lost patience. */
        public boolean good() {
            return report.balanced() && accepted > 0 && turnedAway == 0;
        }
    }

    private final Vertx vertx;
    private final StackAddress stack;
    private final TokenMint mint;
    private final StackApi api;
    private final Auditor auditor;

    private SaleTrial(Vertx vertx, StackAddress stack, TokenMint mint) {
        this.vertx = vertx;
        this.stack = stack;
        this.mint = mint;
        this.api = new StackApi(vertx, stack, mint);
        this.auditor = new Auditor(vertx, stack, mint);
    }

    /**
     * Runs one and blocks until it is over.
     *
     * @param meanwhile what is done to the system, from the first buyer's arrival on
     * @throws IllegalStateException if the system does not come to rest
     */
    public static Outcome run(StackAddress stack, TokenMint mint, Terms terms, Runnable meanwhile)
            throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            return new SaleTrial(vertx, stack, mint).run(terms, meanwhile);
        } catch (Blocking.FailedException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } finally {
            vertx.close();
        }
    }

    private Outcome run(Terms terms, Runnable meanwhile) throws Blocking.FailedException, InterruptedException {
        DemoSale sale = new DemoSale(vertx, api, stack.gateways());
        Crowd crowd = Crowd.mint(mint, "buyer-", terms.buyers(), TOKEN_TTL);
        String saleId = Blocking.await(
                sale.create("Trial", terms.units(), terms.windowSeconds())
                        .compose(id -> sale.open(id, OPEN_PATIENCE).map(id)),
                OPEN_PATIENCE);
        RushPlan plan = new RushPlan(
                saleId, stack.gateways(), Arrivals.atRate(terms.buyers(), terms.buyersPerSecond()), 0, LIMITS);
        Future<RushResult> rush = Rush.run(vertx, plan, crowd, progress -> {});
        meanwhile.run();
        RushResult result = Blocking.await(rush, PATIENCE.multipliedBy(2));
        Blocking.await(atRest(saleId, terms), PATIENCE);
        AuditReport report = Blocking.await(auditor.audit(saleId, result.history()), PATIENCE);
        RushResult.Buyers buyers = result.buyers();
        return new Outcome(buyers.accepted(), buyers.turnedAway() + buyers.unresolved(), report);
    }

    // A look that fails is repeated: what was broken may still be on its way up.
    private Future<Void> atRest(String saleId, Terms terms) {
        return api.audit(saleId)
                .map(audit -> audit.inFlight() == 0 && (!terms.untilAllFree() || audit.remaining() == audit.stock()))
                .otherwise(false)
                .compose(rests -> rests
                        ? Future.succeededFuture()
                        : vertx.timer(LOOK.toMillis(), TimeUnit.MILLISECONDS).compose(v -> atRest(saleId, terms)));
    }
}
