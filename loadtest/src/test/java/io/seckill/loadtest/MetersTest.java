package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MetersTest {

    private static final String TEXT = """
            # HELP orders_swept_total Of these, how many the broker had not reminded of in time
            # TYPE orders_swept_total counter
            orders_swept_total{loop="a"} 3.0
            orders_swept_total{loop="b c"} 4.0
            orders_swept_total_more 100.0
            orders 1.5E3
            """;

    @Test
    void shouldSumAMeterOverItsLabels() {
        assertEquals(7, Meters.sum(TEXT, "orders_swept_total"));
    }

    @Test
    void shouldReadAMeterWithoutLabels() {
        assertEquals(1_500, Meters.sum(TEXT, "orders"));
    }

    @Test
    void shouldTakeAMeterThatIsNotThereForZero() {
        assertEquals(0, Meters.sum(TEXT, "refused_total"));
    }
}
