package io.seckill.local;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many gateways and workers, for the commands that bring a stack up. */
final class Sizes {
    private static final int MOST = 64;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--gateways", paramLabel = "N", defaultValue = "2", description = "How many (${DEFAULT-VALUE}).")
    private int gateways;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "2", description = "How many (${DEFAULT-VALUE}).")
    private int workers;

    int gateways() {
        return checked("--gateways", gateways);
    }

    int workers() {
        return checked("--workers", workers);
    }

    private int checked(String option, int value) {
        if (value < 1 || value > MOST) {
            throw new ParameterException(
                    spec.commandLine(), "%s is %d; it must be 1 to %d".formatted(option, value, MOST));
        }
        return value;
    }
}
