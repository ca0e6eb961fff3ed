package io.seckill.local;

import io.seckill.loadtest.simulation.SimulationRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./seckill simulate}: the whole pipeline on virtual time, as a seed decides. No server is needed. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs gateways and workers, as they are shipped, on virtual time among simulated Redis, RabbitMQ and MySQL that"
                    + " crash, lose, repeat, delay and forget, as a seed decides, and checks that every promise holds.",
            "Exits 0 if all held; otherwise 1, with the seeds that failed. The same seed tells the same story again."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./seckill simulate --seeds 100000     seeds 1 to 100,000 on all cores",
            "  ./seckill simulate --seed 4711        the story of one seed, step by step",
        })
final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "2000", description = "How many (${DEFAULT-VALUE}).")
    private long seeds;

    @Option(names = "--from", paramLabel = "S", defaultValue = "1", description = "The first (${DEFAULT-VALUE}).")
    private long from;

    @Option(names = "--seed", paramLabel = "S", description = "Only this one, and what happened in it.")
    private Long seed;

    @Override
    public Integer call() throws InterruptedException {
        if (seeds < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds must be at least 1");
        }
        SimulationRun run = new SimulationRun(System.out);
        boolean good = seed != null
                ? run.replay(seed)
                : run.run(from, seeds, Runtime.getRuntime().availableProcessors());
        return good ? 0 : 1;
    }
}
