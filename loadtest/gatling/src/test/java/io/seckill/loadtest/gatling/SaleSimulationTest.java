package io.seckill.loadtest.gatling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatling.javaapi.core.OpenInjectionStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.Iterator;
import scala.concurrent.duration.FiniteDuration;

class SaleSimulationTest {
    @TempDir
    private Path folder;

    private static List<Visit> visits(long... offsets) {
        return LongStream.of(offsets)
                .mapToObj(offset -> new Visit(0, offset, Visit.Act.BUY, "s", "Bearer t"))
                .toList();
    }

    @Test
    void shouldInjectEachVisitorInTheStepOfItsTime() {
        List<Visit> visits = visits(0, 50_000, 99_999, 310_000);

        // Unrolled as Gatling does it: not every step injects as many as it says.
        assertEquals(List.of(0L, 0L, 0L, 300L), injectedAtMillis(SaleSimulation.steps(visits, 100_000)));
    }

    private static List<Long> injectedAtMillis(List<OpenInjectionStep> steps) {
        Iterator<FiniteDuration> all = Iterator.empty();
        for (int step = steps.size() - 1; step >= 0; step--) {
            all = steps.get(step).asScala().chain(all);
        }
        List<Long> millis = new ArrayList<>();
        while (all.hasNext()) {
            millis.add(all.next().toMillis());
        }
        return millis;
    }

    @Test
    void shouldNeverTakeMoreThanSomeHundredSteps() {
        List<Visit> visits = visits(0, 3_600_000_000L);

        assertTrue(
                SaleSimulation.steps(visits, SaleSimulation.stepMicros(visits)).size() <= 402);
        assertEquals(100_000, SaleSimulation.stepMicros(visits(0, 5)));
    }

    @Test
    void shouldReadAPlan() throws IOException {
        Path plan = Files.writeString(folder.resolve("visits.tsv"), "5\tbuy\ts1\tBearer a\n7\tshop\ts2\tBearer b\n");

        assertEquals(
                List.of(
                        new Visit(0, 5, Visit.Act.BUY, "s1", "Bearer a"),
                        new Visit(1, 7, Visit.Act.SHOP, "s2", "Bearer b")),
                Visit.read(plan));
    }
}
