package io.seckill.local;

import io.seckill.loadtest.growth.Growth;
import io.seckill.loadtest.growth.GrowthPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill measure growth}: how cost grows with what there is more of. */
@Command(
        name = "growth",
        mixinStandardHelpOptions = true,
        description = {
            "Brings up a stack beside any other, with one gateway of one event loop and one worker, and measures with wrk:"
                    + " accepted orders a second and latency against connections and against open sales, and the gateway's heap;"
                    + " and straight at Redis, what a call costs against the buyers that a sale has and against the"
                    + " purchases in it. Prints a Markdown table of each, and draws them as SVG. Takes about three minutes."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill measure growth",
            "  ./seckill measure growth --seconds 4 --out /tmp/growth",
            "  ./seckill measure growth --quick"
        })
final class MeasureGrowthCommand implements Callable<Integer> {
    @ParentCommand
    private MeasureCommand measure;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Of each point (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--quick", description = "Two points of each, a second long, to see that it works.")
    private boolean quick;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where the plots go (docs/growth of the repository; with --quick, growth/plots in SECKILL_HOME).")
    private Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        OptionRange.check(spec, "--seconds", seconds, 1, 4);
        MeasuredStack.requireGenerator();
        Settings outer = measure.settings();
        Settings settings = Settings.isolated(outer.root(), outer.home().resolve("growth"), outer.environment());
        Home.deleteTree(settings.home());
        Path folder = out != null
                ? out
                : quick ? settings.home().resolve("plots") : outer.root().resolve("docs/growth");
        // The plots need fonts, and no screen.
        System.setProperty("java.awt.headless", "true");
        Progress progress = new Progress(System.out);
        try (MeasuredStack stack = new MeasuredStack(settings, progress);
                CtrlC cleanup = CtrlC.then(stack::close)) {
            stack.up();
            progress.line(Machine.line(outer.root()));
            Growth.run(stack, quick ? GrowthPlan.QUICK : GrowthPlan.whole(seconds), folder, System.out);
            progress.step("plots in " + folder);
            return 0;
        }
    }
}
