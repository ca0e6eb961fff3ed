package io.seckill.loadtest.chaos;

import io.seckill.loadtest.GatewayAudit;
import io.seckill.loadtest.chaos.History.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * One round: a sale, a rush, faults in the middle of it; then recovery, rest, and the books. Runs on the thread that calls
 * it. What has to hold in the end is in {@link SaleAfterwards}.
 */
final class ChaosRound {
    static final Duration RECOVERY = Duration.ofSeconds(30);

    private static final int RAMP_MS = 2_500;
    /** Longer than promised: a stack that comes back late is told from one that does not come back. */
    private static final Duration LAST_HOPE = Duration.ofSeconds(90);
    /** Of a request that is under way when patience ends. */
    private static final Duration LAST_ANSWER = Duration.ofSeconds(10);

    private static final long FAR_NANOS = Duration.ofHours(1).toNanos();

    private final Site site;
    private final Steps steps;
    private final Sales sales;
    private final Shop shop;
    private final Probe probe;
    private final SaleAfterwards afterwards;
    private final RoundPlan plan;
    private final History history = new History();
    private final List<String> broken = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private volatile long patienceEndsNanos = startNanos + FAR_NANOS;
    private Duration recovered;
    private Duration rest;

    ChaosRound(Site site, Steps steps, Sales sales, Shop shop, Probe probe, SaleAfterwards afterwards, RoundPlan plan) {
        this.site = site;
        this.steps = steps;
        this.sales = sales;
        this.shop = shop;
        this.probe = probe;
        this.afterwards = afterwards;
        this.plan = plan;
    }

    History history() {
        return history;
    }

    RoundReport run() throws InterruptedException {
        String saleId = "";
        try {
            saleId = sales.open("Chaos " + plan.number(), plan.stock(), plan.maxPerUser(), plan.windowSeconds());
            long overNanos = sellUnderFaults(saleId);
            afterwards.awaitStored(saleId, history);
            GatewayAudit books = afterwards.awaitRest(saleId, plan.windowSeconds());
            rest = Duration.ofNanos(System.nanoTime() - overNanos);
            broken.addAll(afterwards.check(plan, saleId, history, books));
            sales.end(saleId);
        } catch (Steps.NotDoneException | CompletionException e) {
            broken.add(e.getMessage());
        }
        return new RoundReport(
                plan,
                saleId,
                history.promised().size(),
                history.count("buy", Outcome.REFUSED),
                history.count("buy", Outcome.UNKNOWN),
                recovered,
                rest,
                Duration.ofNanos(System.nanoTime() - startNanos),
                broken,
                null);
    }

    /** @return when the last fault ended */
    private long sellUnderFaults(String saleId) throws Steps.NotDoneException, InterruptedException {
        long overNanos;
        ActiveUnits watch = new ActiveUnits(steps, sales, saleId, plan.stock()).start();
        try (FaultTimer faults = new FaultTimer(site, plan.faults(), history::note)) {
            faults.strikeEarlyOnes();
            Future<Void> crowd = Shopper.crowd(
                    shop, history, saleId, plan, RAMP_MS, () -> System.nanoTime() - patienceEndsNanos < 0);
            faults.start();
            overNanos = faults.awaitOver();
            // Everything is back: who still asks gets an answer soon, and by then at the latest.
            patienceEndsNanos = overNanos + RECOVERY.toNanos();
            recover(overNanos);
            Duration left = Duration.ofNanos(Math.max(0, patienceEndsNanos - System.nanoTime()));
            steps.await("the last shopper did not leave", () -> crowd, left.plus(LAST_ANSWER));
        } finally {
            broken.addAll(watch.stop());
        }
        site.diedByThemselves().forEach(name -> broken.add(name + " ended by itself"));
        return overNanos;
    }

    private void recover(long overNanos) throws Steps.NotDoneException, InterruptedException {
        recovered = steps.await(
                "the stack did not sell again",
                () -> probe.sellsAgain(overNanos, LAST_HOPE),
                LAST_HOPE.plusSeconds(10));
        if (recovered.compareTo(RECOVERY) > 0) {
            broken.add("slow: purchases succeeded again after %d s only".formatted(recovered.toSeconds()));
        }
    }
}
