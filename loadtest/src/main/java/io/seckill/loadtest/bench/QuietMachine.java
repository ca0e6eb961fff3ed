package io.seckill.loadtest.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * Waits until the machine has come to rest, so that what one measurement leaves to be done, say pages that MySQL still
 * writes, is not taken from the next one. Where the kernel does not tell, as on a Mac, there is no wait.
 */
final class QuietMachine {
    private static final Path STAT = Path.of("/proc/stat");
    private static final int LOOK_EVERY_MS = 500;
    private static final double QUIET = 0.05;
    // Columns of the line of all processors: user nice system idle iowait irq softirq steal guest guest_nice.
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int COUNTED = 8;

    /** Reads the line of all processors; null where the kernel does not tell. */
    interface Processors {
        String read() throws IOException;
    }

    private final Processors processors;

    QuietMachine() {
        this(QuietMachine::fromKernel);
    }

    QuietMachine(Processors processors) {
        this.processors = processors;
    }

    /**
     * Blocks until the processors were busy for less than a twentieth of half a second.
     *
     * @param patience how long it waits for that
     * @return false if they were still busy by then
     */
    boolean await(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        String before = processors.read();
        if (before == null) {
            return true;
        }
        do {
            Thread.sleep(LOOK_EVERY_MS);
            String now = processors.read();
            if (busy(before, now) < QUIET) {
                return true;
            }
            before = now;
        } while (System.nanoTime() < deadline);
        return false;
    }

    private static String fromKernel() throws IOException {
        return Files.isReadable(STAT)
                ? Files.readAllLines(STAT, StandardCharsets.US_ASCII).get(0)
                : null;
    }

    /** The share of all processors' time between two readings of the first line in which they did something, 0 to 1. */
    static double busy(String before, String after) {
        long[] from = ticks(before);
        long[] to = ticks(after);
        long all = 0;
        for (int i = 0; i < COUNTED; i++) {
            all += to[i] - from[i];
        }
        long idle = to[IDLE] - from[IDLE] + to[IOWAIT] - from[IOWAIT];
        return all == 0 ? 0 : (all - idle) / (double) all;
    }

    private static long[] ticks(String line) {
        return Arrays.stream(line.trim().split("\\s+"))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
