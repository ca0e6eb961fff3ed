package io.seckill.local;

import io.seckill.loadtest.micro.HotPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./seckill measure hotpath}: what each purchase pays on the gateway's event loop, without any server. */
@Command(
        name = "hotpath",
        mixinStandardHelpOptions = true,
        description = {
            "Microbenchmarks (JMH) of what every purchase passes through in a gateway: verifying its token, gathering it into a"
                    + " batch, and the message that takes it to the workers. Needs no stack.",
            "Compare two commits on one machine, one after the other, in turn."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./seckill measure hotpath", "  ./seckill measure hotpath --only Batcher --forks 3"})
final class MeasureHotPathCommand implements Callable<Integer> {
    @ParentCommand
    private MeasureCommand measure;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            defaultValue = "",
            description = "Only those whose name contains this: Token, Batcher, Codec, Codec.*encode.")
    private String only;

    @Option(
            names = "--forks",
            paramLabel = "N",
            defaultValue = "1",
            description = "JVMs for each benchmark (${DEFAULT-VALUE}).")
    private int forks;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of each measurement (${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    public Integer call() throws IOException {
        OptionRange.check(spec, "--forks", forks, 1, 20);
        OptionRange.check(spec, "--seconds", seconds, 1, 60);
        Path home = measure.settings().home();
        Files.createDirectories(home);
        System.out.println(Machine.line(measure.settings().root()));
        HotPath.run(only, forks, seconds, home.resolve("hotpath.json"));
        return 0;
    }
}
