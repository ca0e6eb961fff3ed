package io.seckill.loadtest.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HeapTrendTest {
    @Test
    void shouldCallAHeapFlatThatStaysAfterItsFirstThird() {
        assertTrue(trend(10, 18, 20, 20, 21, 20, 21, 20, 21).isFlat());
        assertTrue(trend(90, 60, 50, 50, 50, 50).isFlat());
    }

    @Test
    void shouldSeeAHeapThatGrows() {
        assertFalse(trend(20, 22, 24, 26, 28, 30, 32, 34, 36).isFlat());
        assertTrue(trend(20, 22, 24, 26, 28, 30, 32, 34, 36).render().contains("GROWS"));
    }

    @Test
    void shouldNotTellFromTooFew() {
        assertFalse(trend(20, 20, 20, 20, 20).isFlat());
        assertFalse(new HeapTrend(List.of()).isFlat());
    }

    private static HeapTrend trend(long... megabytes) {
        return new HeapTrend(
                LongStream.of(megabytes).map(mb -> mb * 1_000_000).boxed().toList());
    }
}
