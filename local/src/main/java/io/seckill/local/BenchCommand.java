package io.seckill.local;

import io.seckill.loadtest.bench.Bench;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill bench}: how fast it is, against the ceiling of this machine and against what one would build first. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Brings up a stack beside any other, with one gateway of one event loop and one worker, and measures with wrk, in"
                    + " turn, round after round: a bare server (the ceiling), refusals of a sold-out sale, accepted orders"
                    + " with and without a worker that stores them, the naive pipeline, and Redis alone; at the end a lone"
                    + " purchase, and Redis' memory a buyer.",
            "Exits 0 if all that is asked for is reached."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./seckill bench", "  ./seckill bench --rounds 9 --seconds 8"})
final class BenchCommand implements Callable<Integer> {
    @ParentCommand
    private SeckillMain main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Besides one to warm up (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Of each measurement (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "12",
            description = "Seconds of each measurement of the first round (${DEFAULT-VALUE}).")
    private int warmUp;

    @Override
    public Integer call() throws IOException, InterruptedException {
        OptionRange.check(spec, "--rounds", rounds, 1, 1_000);
        OptionRange.check(spec, "--seconds", seconds, 1, 8);
        OptionRange.check(spec, "--warm-up", warmUp, 1, 12);
        MeasuredStack.requireGenerator();
        Settings outer = main.settings();
        Settings settings = Settings.isolated(outer.root(), outer.home().resolve("bench"), outer.environment());
        Home.deleteTree(settings.home());
        Progress progress = new Progress(System.out);
        try (BenchStack stack = new BenchStack(settings, progress);
                CtrlC cleanup = CtrlC.then(stack::close)) {
            stack.up();
            progress.line(Machine.line(outer.root()));
            return Bench.run(stack, new Bench.Options(rounds, seconds, warmUp), System.out) ? 0 : 1;
        }
    }
}
