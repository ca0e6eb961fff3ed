package io.seckill.local;

import io.seckill.loadtest.bench.Soak;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill measure soak}: whether a gateway that is stormed for long needs more and more memory. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = {
            "Brings up a stack beside any other and storms one sale after the other with wrk, each until long after it is sold"
                    + " out; after each storm it looks at what the gateway's heap holds without garbage.",
            "Exits 0 if the heap is flat."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./seckill measure soak", "  ./seckill measure soak --minutes 60"})
final class MeasureSoakCommand implements Callable<Integer> {
    @ParentCommand
    private MeasureCommand measure;

    @Spec
    private CommandSpec spec;

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "10", description = "How long (${DEFAULT-VALUE}).")
    private int minutes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        OptionRange.check(spec, "--minutes", minutes, 4, 24 * 60);
        MeasuredStack.requireGenerator();
        Settings outer = measure.settings();
        Settings settings = Settings.isolated(outer.root(), outer.home().resolve("soak"), outer.environment());
        Home.deleteTree(settings.home());
        Progress progress = new Progress(System.out);
        try (MeasuredStack stack = new MeasuredStack(settings, progress);
                CtrlC cleanup = CtrlC.then(stack::close)) {
            stack.up();
            progress.line(Machine.line(outer.root()));
            return Soak.run(stack, minutes, System.out) ? 0 : 1;
        }
    }
}
