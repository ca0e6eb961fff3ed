package io.seckill.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seckill.gateway.metrics.SaleRows.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SaleRowsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MultiGauge gauge = MultiGauge.builder("units").register(registry);

    private double value(String sale) {
        return registry.get("units").tag("sale", sale).gauge().value();
    }

    @Test
    void shouldNameTheFirstAndAddUpTheRest() {
        List<Value> values = new ArrayList<>();
        for (int i = 1; i <= 25; i++) {
            values.add(new Value("s" + i, i));
        }

        gauge.register(SaleRows.of(values), true);

        assertEquals(21, registry.getMeters().size());
        assertEquals(20, value("s20"));
        assertEquals(21 + 22 + 23 + 24 + 25, value("other"));
    }

    @Test
    void shouldNotTakeASaleForTheRest() {
        gauge.register(SaleRows.of(List.of(new Value("other", 3), new Value("s", 1), new Value("t", 2))), true);

        assertEquals(3, value("other"));
        assertEquals(1, value("s"));
    }

    @Test
    void shouldForgetSalesThatAreNoLongerThere() {
        gauge.register(SaleRows.of(List.of(new Value("s", 1))), true);
        gauge.register(SaleRows.of(List.of()), true);

        assertEquals(1, registry.getMeters().size());
        assertEquals(0, value("other"));
    }
}
