package io.seckill.loadtest.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Lets the faults of a round strike and end at their times, each on a thread of its own: some take a while to set up. */
final class FaultTimer implements AutoCloseable {
    private final Site site;
    private final List<PlannedFault> faults;
    private final Consumer<String> events;
    private final ScheduledExecutorService threads;
    private final List<CompletableFuture<Long>> ends = new ArrayList<>();

    /** @param events told what strikes and ends, when it does */
    FaultTimer(Site site, List<PlannedFault> faults, Consumer<String> events) {
        this.site = site;
        this.faults = faults;
        this.events = events;
        this.threads = Executors.newScheduledThreadPool(faults.size());
    }

    /** Lets those strike, and waits for it, that belong before the rush. */
    void strikeEarlyOnes() {
        faults.stream().filter(fault -> fault.startMs() < 0).forEach(fault -> strike(fault, end()));
    }

    /** The others. The rush begins now. */
    void start() {
        for (PlannedFault fault : faults) {
            if (fault.startMs() >= 0) {
                CompletableFuture<Long> end = end();
                threads.schedule(() -> strike(fault, end), fault.startMs(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private CompletableFuture<Long> end() {
        CompletableFuture<Long> end = new CompletableFuture<>();
        ends.add(end);
        return end;
    }

    private void strike(PlannedFault fault, CompletableFuture<Long> end) {
        try {
            events.accept("strikes: " + fault);
            Runnable finish = site.strike(fault);
            threads.schedule(() -> finish(finish, fault, end), fault.lengthMs(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private void finish(Runnable finish, PlannedFault fault, CompletableFuture<Long> end) {
        try {
            finish.run();
            end.complete(System.nanoTime());
            events.accept("is over: " + fault);
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    /**
     * Waits for the last of them to end.
     *
     * @return when that was, as {@link System#nanoTime()}
     * @throws CompletionException if a fault could not be carried out: the site is to blame, not the system
     */
    long awaitOver() {
        return ends.stream().mapToLong(CompletableFuture::join).max().orElseThrow();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
