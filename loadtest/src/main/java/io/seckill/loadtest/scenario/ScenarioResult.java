package io.seckill.loadtest.scenario;

import io.seckill.loadtest.AuditReport;
import io.seckill.loadtest.RushResult;
import io.seckill.loadtest.bench.Wrk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that one scenario gave.
 *
 * @param requests sent, retries included
 * @param accepted orders that 202s promised, each once
 * @param stored orders in MySQL when waiting for them ended
 * @param lagMillis from the last 202 to the look at which all were stored
 * @param unknown purchases whose users do not know the outcome
 * @param start of the schedule, in ms since 1970
 * @param streams what was counted of the open event streams; empty without
 * @param ceiling wrk's run, if there was one
 * @param audits of every sale that was made, the warm-up's and wrk's included
 * @param gatling its own report
 */
record ScenarioResult(
        Scenario scenario,
        Size size,
        Schedule schedule,
        Timeline timeline,
        List<Gauges.Look> looks,
        RushResult.Lateness lateness,
        long requests,
        long accepted,
        long stored,
        long lagMillis,
        int unknown,
        long start,
        String streams,
        Optional<Wrk.Run> ceiling,
        List<AuditReport> audits,
        Path gatling) {

    /** What went wrong, in words; empty if nothing did. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (AuditReport audit : audits) {
            for (AuditReport.Line line : audit.failures()) {
                problems.add(
                        "sale " + audit.saleId() + ": " + line.name() + " " + line.value() + ": " + line.explanation());
            }
        }
        if (stored < accepted) {
            problems.add("accepted %,d, but only %,d orders reached MySQL in time".formatted(accepted, stored));
        }
        if (timeline.count(Answer.Outcome.ERROR) > 0) {
            problems.add("answers that a healthy system does not give: " + timeline.details(Answer.Outcome.ERROR));
        }
        return problems;
    }

    Optional<String> voidReason() {
        return lateness.voidReason();
    }

    long units() {
        return audits.stream().mapToLong(AuditReport::sold).sum();
    }
}
