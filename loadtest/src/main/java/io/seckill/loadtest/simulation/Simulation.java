package io.seckill.loadtest.simulation;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * The whole pipeline in one thread and no time: real gateways and workers, as they are shipped, among servers that lose,
 * repeat, delay and forget, in an order that a seed decides. Safe on any thread.
 *
 * <p>What is real and what is not is in docs/testing.md; the story that each seed tells is {@code world.Story}.
 */
public final class Simulation {
    private static final int MOST_FAILURES = 5;

    private final SeedRunner runner = new RewritingLoader().runner();

    /**
     * @param seeds that were run
     * @param failures of them, at most a few: the first ones found
     * @param events steps of all worlds together
     * @param virtualMs time that passed in all of them
     */
    public record Result(long seeds, List<SeedReport> failures, long events, long virtualMs) {
        public boolean isGood() {
            return failures.isEmpty();
        }
    }

    /** One seed, with the story of what happened. */
    public SeedReport replay(long seed) {
        return runner.run(seed, true, Defect.NONE);
    }

    /** One seed among servers of which one has a defect: something must break. */
    SeedReport run(long seed, Defect defect) {
        return runner.run(seed, false, defect);
    }

    /**
     * Runs seeds one after the other on each of several threads, and stops early when a few failed.
     *
     * @param first the first seed; the others follow it
     * @param threads at least 1
     * @param progress told, on any of these threads, how many are done
     */
    public Result run(long first, long seeds, int threads, LongConsumer progress) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        AtomicLong done = new AtomicLong();
        AtomicLong events = new AtomicLong();
        AtomicLong virtualMs = new AtomicLong();
        ConcurrentLinkedQueue<SeedReport> failures = new ConcurrentLinkedQueue<>();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<? extends Future<?>> all = IntStream.range(0, threads)
                    .mapToObj(i -> workers.submit(() -> {
                        for (long n = next.getAndIncrement(); n < seeds; n = next.getAndIncrement()) {
                            if (failures.size() >= MOST_FAILURES) {
                                return;
                            }
                            SeedReport report = runner.run(first + n, false, Defect.NONE);
                            events.addAndGet(report.events());
                            virtualMs.addAndGet(report.virtualMs());
                            if (!report.isGood()) {
                                failures.add(report);
                            }
                            progress.accept(done.incrementAndGet());
                        }
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the simulation itself failed", e.getCause());
        } finally {
            workers.shutdownNow();
        }
        return new Result(done.get(), List.copyOf(failures), events.get(), virtualMs.get());
    }
}
