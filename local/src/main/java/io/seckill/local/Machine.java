package io.seckill.local;

import java.nio.file.Path;
import java.util.Map;

/** What figures were measured on: no figure is worth anything without. */
final class Machine {
    private static final int PATIENCE_S = 10;

    private Machine() {}

    /** Commit, cores, memory, Java and system, in a line. */
    static String line(Path root) {
        Executables.Outcome commit = Executables.run(
                java.util.List.of("git", "-C", root.toString(), "describe", "--always", "--dirty"),
                Map.of("PATH", Executables.searchPath()),
                PATIENCE_S);
        long memory = ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        return "commit %s, %d cores, %d GiB, Java %s, %s %s"
                .formatted(
                        commit.ok() ? commit.lastLine() : "unknown",
                        Runtime.getRuntime().availableProcessors(),
                        Math.round(memory / (double) (1L << 30)),
                        System.getProperty("java.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"));
    }
}
