package io.seckill.local;

import io.seckill.loadtest.SaleTrial;
import io.seckill.schema.fault.CrashPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill crashpoints}: a process dies at each named step, again and again, and nothing is lost. */
@Command(
        name = "crashpoints",
        mixinStandardHelpOptions = true,
        description = {
            "Brings up a stack beside any other, with two gateways and a worker, and lets a process die at each named step of"
                    + " an order's life during a live sale; starts it again, waits until all is at rest, and audits.",
            "Exits 0 only if after every single run each 202 is in MySQL, the audit balances, nobody has two orders and"
                    + " every buyer had an answer."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill crashpoints",
            "  ./seckill crashpoints --runs 3 --point purchase-confirmed --point order-inserted"
        })
final class CrashPointsCommand implements Callable<Integer> {
    private static final int MOST_RUNS = 10_000;

    @ParentCommand
    private SeckillMain main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "20", description = "Of each point (${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--point", paramLabel = "NAME", description = "Only this one; may be given more than once.")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        if (runs < 1 || runs > MOST_RUNS) {
            throw new ParameterException(
                    spec.commandLine(), "--runs is %d; it must be 1 to %d".formatted(runs, MOST_RUNS));
        }
        List<CrashPoint> points = points();
        Settings outer = main.settings();
        Settings settings = Settings.isolated(outer.root(), outer.home().resolve("crashpoints"), outer.environment());
        Progress progress = new Progress(System.out);
        LocalStack stack = new LocalStack(settings, progress);
        try (CtrlC cleanup = CtrlC.then(stack::down)) {
            stack.up(CrashPlan.GATEWAYS, CrashPlan.WORKERS);
            CrashTrial trial = new CrashTrial(settings, stack);
            int bad = 0;
            for (CrashPoint point : points) {
                for (int run = 1; run <= runs; run++) {
                    bad += passed(trial, point, run, progress) ? 0 : 1;
                }
            }
            progress.line("%d points, %d runs each, %d bad".formatted(points.size(), runs, bad));
            return bad == 0 ? 0 : 1;
        } finally {
            stack.down();
        }
    }

    private List<CrashPoint> points() {
        List<CrashPoint> all = List.of(CrashPoint.values());
        if (names.isEmpty()) {
            return all;
        }
        List<String> ids = all.stream().map(CrashPoint::id).toList();
        for (String name : names) {
            if (!ids.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--point is '%s'; it must be one of %s".formatted(name, String.join(", ", ids)));
            }
        }
        return all.stream().filter(point -> names.contains(point.id())).toList();
    }

    private static boolean passed(CrashTrial trial, CrashPoint point, int run, Progress progress)
            throws InterruptedException {
        long began = System.nanoTime();
        try {
            SaleTrial.Outcome outcome = trial.run(CrashPlan.of(point));
            progress.step("%-22s run %2d  accepted %3d  %s in %d s"
                    .formatted(
                            point.id(),
                            run,
                            outcome.accepted(),
                            outcome.good() ? "good" : "BAD",
                            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)));
            if (!outcome.good()) {
                progress.line("%d buyers without an answer%n%s"
                        .formatted(outcome.turnedAway(), outcome.report().render()));
            }
            return outcome.good();
        } catch (LaunchFailure | IllegalStateException e) {
            progress.step("%-22s run %2d  BAD: %s".formatted(point.id(), run, e.getMessage()));
            return false;
        }
    }
}
