package io.seckill.loadtest.chaos;

import io.seckill.loadtest.Auditor;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a {@link ChaosPlan} against a {@link Site}, a round after the other, and judges each. Walk on with {@link
 * ChaosRound}.
 */
public final class Chaos {
    private static final int PROBE_UNITS = 1_000_000;
    private static final int PROBE_WINDOW_S = 5;
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Site site;
    private final Consumer<String> out;
    private final Vertx vertx = Vertx.vertx();
    private final Steps steps = new Steps(vertx);
    private final Sales sales;
    private final Shop shop;
    private final Auditor auditor;
    private final SaleAfterwards afterwards;

    private Chaos(Site site, Consumer<String> out) {
        this.site = site;
        this.out = out;
        this.sales = new Sales(vertx, site.address(), site.mint(), steps);
        this.shop = new Shop(vertx, site.address().gateways(), site.mint());
        this.auditor = new Auditor(vertx, site.address(), site.mint());
        this.afterwards = new SaleAfterwards(site, steps, sales, shop, auditor);
    }

    /**
     * Runs the plan and blocks until it is over.
     *
     * @param out takes a line at a time, as it happens
     */
    public static ChaosReport run(ChaosPlan plan, Site site, Consumer<String> out) throws InterruptedException {
        Chaos chaos = new Chaos(site, out);
        try {
            return new ChaosReport(plan.rounds().size(), chaos.rounds(plan));
        } finally {
            chaos.close();
        }
    }

    private List<RoundReport> rounds(ChaosPlan plan) throws InterruptedException {
        List<RoundReport> reports = new ArrayList<>();
        Probe probe;
        try {
            probe = new Probe(shop, sales.open("Probe", PROBE_UNITS, 1, PROBE_WINDOW_S));
        } catch (Steps.NotDoneException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        for (RoundPlan round : plan.rounds()) {
            out.accept("round %d: %s".formatted(round.number(), round));
            RoundReport report = round(round, probe);
            reports.add(report);
            out.accept(ChaosReport.line(report));
            if (!report.isSkipped() && !site.notReady().isEmpty()) {
                // Every round after it would only tell the same again.
                break;
            }
        }
        return reports;
    }

    private RoundReport round(RoundPlan plan, Probe probe) throws InterruptedException {
        for (PlannedFault fault : plan.faults()) {
            Optional<String> why = site.impossible(fault.kind());
            if (why.isPresent()) {
                return RoundReport.skipped(plan, fault.kind().title() + ": " + why.get());
            }
        }
        ChaosRound round = new ChaosRound(site, steps, sales, shop, probe, afterwards, plan);
        RoundReport report = round.run();
        List<String> away = site.notReady();
        if (!away.isEmpty()) {
            report = report.with("not ready long after: " + String.join(", ", away));
        }
        if (!report.ok()) {
            keep(report, round.history());
        }
        return report;
    }

    private void keep(RoundReport report, History history) {
        Path logs = site.keepLogs("round-" + report.plan().number() + "-" + report.saleId());
        try {
            Files.write(logs.resolve("history.txt"), history.lines());
        } catch (IOException e) {
            out.accept("the history could not be kept: " + e);
        }
        report.broken().forEach(what -> out.accept("  ✗ " + what));
        out.accept("  logs and the history of every attempt: " + logs);
    }

    private void close() throws InterruptedException {
        try {
            steps.await(
                    "closing",
                    () -> shop.close()
                            .eventually(sales::close)
                            .eventually(auditor::close)
                            .eventually(vertx::close),
                    CLOSE);
        } catch (Steps.NotDoneException e) {
            // The verdicts are told; a client that closes slowly does not change them.
        }
    }
}
