package io.seckill.loadtest.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "BROKER_FORGETS, 2. every 202 is in MySQL",
        "UNITS_LEAK, 6. the audit balances",
        "GUARD_SKIPPED, 1. sold is what active orders hold",
        "ORDERS_INVENTED, 5. nothing in MySQL that no one asked for",
        "REDIS_STAYS_AWAY, 7. purchases succeed again"
    })
    void shouldNameThePromiseThatADefectiveServerBreaks(Defect defect, String promise) {
        List<String> broken = LongStream.rangeClosed(1, 40)
                .mapToObj(seed -> SIMULATION.run(seed, defect))
                .flatMap(report -> report.broken().stream())
                .filter(line -> line.startsWith(promise))
                .limit(1)
                .toList();

        assertEquals(1, broken.size(), () -> defect + " broke nothing of: " + promise);
    }
}
