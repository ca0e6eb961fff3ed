package io.seckill.local;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill measure}: figures of the whole system, a command each. */
@Command(
        name = "measure",
        mixinStandardHelpOptions = true,
        description = "Measures the whole system, or its hot path alone.",
        synopsisSubcommandLabel = "WHAT",
        commandListHeading = "%nWhat to measure:%n",
        subcommands = {
            MeasureExpiryCommand.class,
            MeasureGrowthCommand.class,
            MeasureHotPathCommand.class,
            MeasureSoakCommand.class,
            MeasureStartCommand.class,
            MeasureStormCommand.class
        })
final class MeasureCommand implements Runnable {
    @ParentCommand
    private SeckillMain main;

    @Spec
    private CommandSpec spec;

    Settings settings() {
        return main.settings();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing what to measure");
    }
}
