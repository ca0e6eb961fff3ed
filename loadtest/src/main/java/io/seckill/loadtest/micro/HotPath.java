package io.seckill.loadtest.micro;

import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@code seckill measure hotpath}: the microbenchmarks of this package, each in a JVM of its own, with JMH. */
public final class HotPath {
    private HotPath() {}

    /**
     * Runs them and prints JMH's output; blocks until it is over, some minutes.
     *
     * @param filter a regular expression that a benchmark's name must contain
     * @param forks JVMs for each benchmark
     * @param seconds of each of five measurements, after three to warm up
     * @param json where the results are written for other programs
     */
    public static void run(String filter, int forks, int seconds, Path json) throws IOException {
        try {
            new Runner(new OptionsBuilder()
                            .include("\\Q" + HotPath.class.getPackageName() + "\\E.*" + filter)
                            .forks(forks)
                            .warmupIterations(3)
                            .warmupTime(TimeValue.seconds(seconds))
                            .measurementIterations(5)
                            .measurementTime(TimeValue.seconds(seconds))
                            .resultFormat(ResultFormatType.JSON)
                            .result(json.toString())
                            .build())
                    .run();
        } catch (RunnerException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
