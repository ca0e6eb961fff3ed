package io.seckill.loadtest.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Lets the faults of a round strike and end at their times, each on a thread of its own: some take a while to set up. */
final class FaultTimer implements AutoCloseable {
    private final Site site;
    private final List<PlannedFault> faults;
    private final ScheduledExecutorService threads;
    private final List<CompletableFuture<Long>> ends = new ArrayList<>();

    FaultTimer(Site site, List<PlannedFault> faults) {
        this.site = site;
        this.faults = faults;
        this.threads = Executors.newScheduledThreadPool(faults.size());
    }

    /** Lets those strike, and waits for it, that belong before the rush. */
    void strikeEarlyOnes() {
        faults.stream().filter(fault -> fault.startMs() < 0).forEach(fault -> after(site.strike(fault), fault));
    }

    /** The others. The rush begins now. */
    void start() {
        for (PlannedFault fault : faults) {
            if (fault.startMs() >= 0) {
                CompletableFuture<Long> end = new CompletableFuture<>();
                ends.add(end);
                threads.schedule(() -> strike(fault, end), fault.startMs(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void strike(PlannedFault fault, CompletableFuture<Long> end) {
        try {
            finishLater(site.strike(fault), fault, end);
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private void after(Runnable finish, PlannedFault fault) {
        CompletableFuture<Long> end = new CompletableFuture<>();
        ends.add(end);
        finishLater(finish, fault, end);
    }

    private void finishLater(Runnable finish, PlannedFault fault, CompletableFuture<Long> end) {
        threads.schedule(
                () -> {
                    try {
                        finish.run();
                        end.complete(System.nanoTime());
                    } catch (RuntimeException e) {
                        end.completeExceptionally(e);
                    }
                },
                fault.lengthMs(),
                TimeUnit.MILLISECONDS);
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
