package io.seckill.local;

import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.StormMeasurement;
import io.seckill.loadtest.TokenMint;
import io.seckill.loadtest.chaos.PlannedFault;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill measure storm}: what a storm of retries leaves of a gateway's capacity. */
@Command(
        name = "storm",
        mixinStandardHelpOptions = true,
        description = {
            "Brings up a stack beside any other, with one gateway whose way to RabbitMQ is slow, so that it accepts far less"
                    + " than a generator on the same machine can offer. Each round finds how many orders a second it"
                    + " accepts, then tries ten times as many purchases, most by buyers who were refused and come back when"
                    + " Retry-After says so.",
            "Exits 0 if in the median round at least 70 % of the capacity was accepted, at ten times the load, and the"
                    + " generator kept its schedule."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./seckill measure storm", "  ./seckill measure storm --rounds 5 --broker-delay 50"})
final class MeasureStormCommand implements Callable<Integer> {
    private static final String GATEWAY = "gateway-1";

    @ParentCommand
    private MeasureCommand measure;

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
            defaultValue = "12",
            description = "Of each half of a round (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--broker-delay",
            paramLabel = "MS",
            defaultValue = "100",
            description = "What RabbitMQ is away, each way (${DEFAULT-VALUE}).")
    private int delayMs;

    @Override
    public Integer call() throws InterruptedException {
        OptionRange.check(spec, "--rounds", rounds, 1, 100);
        OptionRange.check(spec, "--seconds", seconds, 6, 600);
        OptionRange.check(spec, "--broker-delay", delayMs, 1, 500);
        Settings outer = measure.settings();
        Settings settings = Settings.isolated(outer.root(), outer.home().resolve("storm"), outer.environment());
        Progress progress = new Progress(System.out);
        FaultyLinks links = new FaultyLinks(settings, List.of(GATEWAY));
        LocalStack stack = new LocalStack(settings, progress, links);
        try (CtrlC cleanup = CtrlC.then(stack::stopStarted)) {
            stack.up(1, 1);
            links.proxy(PlannedFault.link(GATEWAY, "rabbitmq")).delay(delayMs);
            boolean good = StormMeasurement.run(
                    StackAddress.from(stack.addresses()::get),
                    TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE),
                    new StormMeasurement.Options(rounds, seconds),
                    System.out);
            return good ? 0 : 1;
        } finally {
            stack.stopStarted();
            links.close();
        }
    }
}
