package io.seckill.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill measure start}: how long a gateway takes from its start to being ready. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Brings up a stack beside any other, then ends its gateway in good order and starts it again, time after time: from"
                    + " the start of the process until its readiness says yes.",
            "Exits 0 if the median is 3 seconds or less."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./seckill measure start", "  ./seckill measure start --times 20"})
final class MeasureStartCommand implements Callable<Integer> {
    private static final String GATEWAY = "gateway-1";
    private static final Duration ASKED = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @ParentCommand
    private MeasureCommand measure;

    @Spec
    private CommandSpec spec;

    @Option(names = "--times", paramLabel = "N", defaultValue = "7", description = "How often (${DEFAULT-VALUE}).")
    private int times;

    @Override
    public Integer call() {
        OptionRange.check(spec, "--times", times, 1, 1_000);
        Settings outer = measure.settings();
        Settings settings = Settings.isolated(outer.root(), outer.home().resolve("start"), outer.environment());
        Home.deleteTree(settings.home());
        Progress progress = new Progress(System.out);
        LocalStack stack = new LocalStack(settings, progress);
        try (CtrlC cleanup = CtrlC.then(stack::stopStarted)) {
            stack.up(1, 1);
            progress.line(Machine.line(outer.root()));
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                stack.terminate(GATEWAY);
                long began = System.nanoTime();
                stack.again(GATEWAY);
                awaitReady(stack);
                took.add(Duration.ofNanos(System.nanoTime() - began));
            }
            List<Duration> sorted = took.stream().sorted().toList();
            Duration median = sorted.get(sorted.size() / 2);
            progress.line(String.format(
                    Locale.ROOT,
                    "start to ready: median %.2f s, best %.2f s, worst %.2f s of %d; asked for: %d s",
                    seconds(median),
                    seconds(sorted.get(0)),
                    seconds(sorted.get(sorted.size() - 1)),
                    times,
                    ASKED.toSeconds()));
            return median.compareTo(ASKED) <= 0 ? 0 : 1;
        } finally {
            stack.stopStarted();
        }
    }

    private static void awaitReady(LocalStack stack) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!stack.answers(GATEWAY)) {
            if (System.nanoTime() > deadline) {
                throw new LaunchFailure(GATEWAY + " is not ready within " + LIMIT.toSeconds() + " s");
            }
            Supervisor.pause();
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
