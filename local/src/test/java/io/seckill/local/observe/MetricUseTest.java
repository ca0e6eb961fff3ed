package io.seckill.local.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricUseTest {
    private final MetricUse use = new MetricUse(new Scrape().add("gateway", """
            # HELP a_total Of a kind
            # TYPE a_total counter
            a_total{kind="x",loop="0"} 1.0
            a_total{kind="y",loop="0"} 2.0
            # HELP b_seconds Time
            # TYPE b_seconds histogram
            b_seconds_bucket{le="+Inf"} 0
            b_seconds_count 0
            b_seconds_sum 0.0
            """));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sum by (kind) (rate(a_total{kind=\"x\"}[1m])); {{kind}}",
                "a_total{kind=~\"x|y\", job=\"seckill-gateway\"}; {{ $labels.loop }} of {{ $labels.instance }}",
                "histogram_quantile(0.9, sum by (le) (rate(b_seconds_bucket[1m]))) / b_seconds_count; {{ $value }}",
                "a_total{kind=~\"$kind\"}; {{kind}}",
                "min by (instance) (up{job=~\"seckill-.*\"}); {{instance}}"
            })
    void shouldPassWhatIsThere(String expression, String template) {
        assertEquals(List.of(), use.errors("rule", expression, List.of(template)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sum(c_total) > 0;; rule: there is no metric c_total",
                "sum(b_seconds) > 0;; rule: there is no metric b_seconds",
                "sum(a_total{sort=\"x\"});; rule: a_total has no label sort",
                "sum(a_total{kind=\"z\"});; rule: a_total has no kind z",
                "sum(a_total{kind=~\"x|z\"});; rule: a_total has no kind z",
                "sum(a_total{job=\"gateway\"});; rule: a_total has no job gateway",
                "sum by (sort) (a_total);; rule: nothing in it has a label sort",
                "sum by (kind) (a_total); {{ $labels.loop }}; rule: its result has no label loop",
                "sum(a_total; {{sort}}; rule: its result has no label sort",
                "vector(1);; rule: no metric in vector(1)",
                "{kind=\"x\"};; rule: a selector without a metric"
            })
    void shouldNameWhatIsNot(String expression, String template, String error) {
        assertEquals(List.of(error), use.errors("rule", expression, template == null ? List.of() : List.of(template)));
    }

    /** What a change of the metrics would leave behind in a rule. */
    @Test
    void shouldNameAllThatIsWrong() {
        assertEquals(
                List.of("rule: there is no metric c_total", "rule: there is no metric d_total"),
                use.errors("rule", "c_total / d_total", List.of()));
    }
}
