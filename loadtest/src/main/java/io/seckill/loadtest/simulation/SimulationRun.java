package io.seckill.loadtest.simulation;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Runs seeds of the {@link Simulation} for a person who watches: progress, figures, and the story of what failed. */
public final class SimulationRun {
    private static final long SAY_EVERY_NANOS = 5_000_000_000L;
    private static final String REPLAY = "./seckill simulate --seed ";

    private final Simulation simulation = new Simulation();
    private final PrintStream out;

    public SimulationRun(PrintStream out) {
        this.out = out;
    }

    /** Tells one seed's story. @return whether all promises held */
    public boolean replay(long seed) {
        SeedReport report = simulation.replay(seed);
        report.trace().forEach(out::println);
        out.printf(
                Locale.ROOT,
                "seed %d: %,d steps, %.1f s of virtual time, digest %016x%n",
                seed,
                report.events(),
                report.virtualMs() / 1e3,
                report.digest());
        return verdict(report);
    }

    /** Runs many. @return whether all promises held in all of them */
    public boolean run(long first, long seeds, int threads) throws InterruptedException {
        out.printf(Locale.ROOT, "%,d seeds from %d on %d thread(s)%n", seeds, first, threads);
        long started = System.nanoTime();
        AtomicLong said = new AtomicLong(started);
        Simulation.Result result = simulation.run(first, seeds, threads, done -> {
            long now = System.nanoTime();
            long last = said.get();
            if (now - last > SAY_EVERY_NANOS && said.compareAndSet(last, now)) {
                out.printf(Locale.ROOT, "  %,d of %,d, %.0f/s%n", done, seeds, done / ((now - started) / 1e9));
            }
        });
        double seconds = (System.nanoTime() - started) / 1e9;
        out.printf(
                Locale.ROOT,
                "%,d seeds in %.1f s (%.0f/s): %,d steps, %.1f hours of virtual time%n",
                result.seeds(),
                seconds,
                result.seeds() / seconds,
                result.events(),
                result.virtualMs() / 3.6e6);
        for (SeedReport failure : result.failures()) {
            verdict(failure);
            out.println("  replay: " + REPLAY + failure.seed());
        }
        if (result.isGood()) {
            out.println("All promises held.");
        }
        return result.isGood();
    }

    private boolean verdict(SeedReport report) {
        if (report.isGood()) {
            out.println("All promises held.");
        } else {
            out.println("BROKEN with seed " + report.seed() + ":");
            report.broken().forEach(line -> out.println("  " + line));
        }
        return report.isGood();
    }
}
