package io.seckill.local;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a number on the command line may be. */
final class OptionRange {
    private OptionRange() {}

    /** @throws ParameterException that names the option, if its value is less than the least or more than the most */
    static void check(CommandSpec spec, String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), "%s is %d; it must be %d to %d".formatted(option, value, least, most));
        }
    }
}
