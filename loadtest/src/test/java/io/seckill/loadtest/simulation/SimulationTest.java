package io.seckill.loadtest.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** The whole pipeline on virtual time. A seed that fails is told again by {@code ./seckill simulate --seed}. */
class SimulationTest {
    private static final int SEEDS = 2_000;

    private static final Simulation SIMULATION = new Simulation();

    @Test
    void shouldKeepEveryPromiseWhateverTheSeed() throws InterruptedException {
        long first = Long.getLong("seckill.seed", ThreadLocalRandom.current().nextLong(1L << 40));
        System.out.println("simulation: " + SEEDS + " seeds from " + first);

        Simulation.Result result =
                SIMULATION.run(first, SEEDS, Runtime.getRuntime().availableProcessors(), done -> {});

        assertTrue(result.isGood(), () -> "first seed " + first + ": " + result.failures());
        assertEquals(SEEDS, result.seeds());
    }

    @Test
    void shouldTellTheSameStoryAgain() {
        SeedReport once = SIMULATION.replay(42);
        SeedReport again = new Simulation().replay(42);

        assertFalse(once.trace().isEmpty());
        assertEquals(once, again);
    }
}
