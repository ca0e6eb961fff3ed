package io.seckill.local.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.seckill.local.observe.PromQl.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromQlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a_total; a_total",
                "sum(rate(a_total[5m])) / sum(rate(b_total[5m])) > 0.05; a_total b_total",
                "sum by (x, y) (a{z=\"b\"}); a",
                "sum(a) by (x); a",
                "histogram_quantile(0.99, sum by (le) (rate(a_bucket[$__rate_interval]))); a_bucket",
                "a > bool 1e-3 and on (x) b unless c offset 5m; a b c",
                "a * on (x) group_left (y) b or vector(0); a b",
                "a * on (x) group_left b; a b",
                "label_replace(a, 'b', 'c', 'd', 'e(f)'); a",
                "max_over_time(rate(a[1m])[10m:30s]) @ 1609746000; a",
                "a:b:rate5m # c; a:b:rate5m",
                "sum; sum",
                "NaN + Inf + a; a",
                "count(up{job=~\"x|y\"} == 0) or vector(0); up"
            })
    void shouldFindTheMetricsAndNothingElse(String expression, String metrics) {
        assertEquals(
                List.of(metrics.split(" ")),
                PromQl.of(expression).selectors().stream().map(Selector::metric).toList());
    }

    @Test
    void shouldTellLabelsFromMetrics() {
        PromQl query = PromQl.of("sum without (le) (a{b=\"c{d}\", e!~'f|g',}) * on (h) i");

        assertEquals(
                List.of(new Selector("a", Map.of("b", "=c{d}", "e", "!~f|g")), new Selector("i", Map.of())),
                query.selectors());
        assertEquals(Set.of("le", "h"), query.grouping());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a=\"b\"}", "a[5m", "a{b=", "a \u00e4", "sum by (\"x\") (a)", "a ; b"})
    void shouldRefuseWhatItCannotRead(String expression) {
        assertThrows(IllegalArgumentException.class, () -> PromQl.of(expression));
    }
}
