package io.seckill.loadtest.simulation.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.loadtest.simulation.redis.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerTest {
    private static final int ON_THEIR_WAY = 4;
    private static final int SENT_LATER = 8;

    /** A real connection is a stream of bytes: whatever the kernel held back for a stopped process comes first. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aConnectionKeepsItsOrderWhenAStoppedProcessGoesOn(long seed) {
        World world = new World(seed, false, null);
        Scheduler scheduler = world.scheduler();
        ProcessLife process = new ProcessLife(world, "p", 1, 0, Versions.THIS);
        Object connection = new Object();
        List<Integer> came = new ArrayList<>();
        process.stop();
        for (int i = 0; i < ON_THEIR_WAY; i++) {
            int number = i;
            scheduler.in(i * 100_000L, process, connection, () -> came.add(number));
        }
        run(scheduler, 150_000);
        process.goOn();
        for (int i = ON_THEIR_WAY; i < SENT_LATER; i++) {
            int number = i;
            scheduler.in(200_000 + i * 10_000L, process, connection, () -> came.add(number));
        }
        run(scheduler, 5_000_000);
        assertEquals(IntStream.range(0, SENT_LATER).boxed().toList(), came);
    }

    private static void run(Scheduler scheduler, long nanos) {
        long until = scheduler.nanos() + nanos;
        while (scheduler.step(until)) {
            // everything until then
        }
    }
}
