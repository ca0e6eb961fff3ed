package io.seckill.loadtest.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.seckill.loadtest.growth.Curves.Column;
import io.seckill.loadtest.growth.Curves.Point;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CurvesTest {
    private static final Column P50 = new Column("p50", "ms", 1, Plot.Frame.LATENCY);
    private static final Column P99 = new Column("p99", "ms", 1, Plot.Frame.LATENCY);
    private static final Column RATE = new Column("accepted a second", "", 0, Plot.Frame.ACCEPTED);

    private final Curves curves = new Curves(
            "open sales",
            List.of(RATE, P50, P99),
            List.of(new Point(1, List.of(40_000.4, 1.25, 9.0)), new Point(1_000, List.of(20_000.0, 2.0, 18.0))));

    @Test
    void shouldBeATableWithUnits() {
        assertEquals("""
                | open sales | accepted a second | p50, ms | p99, ms |
                | --- | --- | --- | --- |
                | 1 | 40,000 | 1.3 | 9.0 |
                | 1,000 | 20,000 | 2.0 | 18.0 |
                """, curves.markdown());
    }

    @Test
    void shouldDrawWhatHasOneUnitTogether() {
        assertEquals(List.of(Plot.Frame.ACCEPTED, Plot.Frame.LATENCY), curves.plots());
        assertEquals(List.of(9.0, 18.0), curves.values(P99));
        assertEquals("open-sales-latency.svg", Plot.Frame.LATENCY.fileName(curves));
    }

    @Test
    void shouldRefuseAPointThatLacksAValue() {
        List<Point> points = List.of(new Point(1, List.of(1.0)));

        assertThrows(IllegalArgumentException.class, () -> new Curves("sales", List.of(P50, P99), points));
    }

    @ParameterizedTest
    @EnumSource(Plot.Frame.class)
    void shouldDrawEachKindOfPlot(Plot.Frame frame) throws IOException {
        Curves drawn = new Curves(
                "sales",
                List.of(new Column("one line", "", 0, frame)),
                List.of(new Point(1, List.of(0.5)), new Point(10, List.of(500.0))));
        StringWriter svg = new StringWriter();

        Plot.draw(drawn, frame, svg);

        // A dot at each point, and one in the legend.
        assertEquals(3, svg.toString().split("<circle ", -1).length - 1);
    }
}
