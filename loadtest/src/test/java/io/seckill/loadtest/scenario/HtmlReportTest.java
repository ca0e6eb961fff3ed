package io.seckill.loadtest.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.Books;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    private static final LoadTest.Plan PLAN = new LoadTest.Plan(
            List.of(), 7, "./seckill loadtest rush --seed 7 --out \"<b>\"", "commit abc, 2 cores, Java 17 </script>");

    private static String page(ScenarioResult... results) {
        return new HtmlReport(PLAN, List.of(results), ResultFixture.OUT).render();
    }

    private static String kept() {
        return page(new ResultFixture().lateBy(500).with(Books.balanced("<i>s1</i>")));
    }

    @Test
    void shouldNeedNothingButItself() {
        String page = kept();

        assertFalse(page.contains("http://"), "a reference to elsewhere");
        assertFalse(page.contains("https://"), "a reference to elsewhere");
        assertFalse(page.contains("@import"));
        assertFalse(page.matches("(?s).*<(link|img|iframe|script)[^>]*(src|href)=.*"));
        assertTrue(page.contains("prefers-color-scheme: dark"));
        assertTrue(page.contains("Chart.js 2.9.4"));
    }

    @Test
    void shouldShowWhatComesFromOutsideAsText() {
        String page = kept();

        assertFalse(page.contains("<b>\""));
        assertFalse(page.contains("<i>s1"));
        assertFalse(page.contains("17 </script>"));
        assertTrue(page.contains("&lt;sold&amp;out&gt;"));
        assertEquals("\\u003c/script>", Html.script("</script>"));
        assertEquals("&amp;&lt;&gt;&quot;&#39;", Html.escape("&<>\"'"));
    }

    @Test
    void shouldSayOnTopWhatItComesTo() {
        assertTrue(kept().contains("class=\"verdict kept\""));
        String starved = page(new ResultFixture().lateBy(150_000).with(Books.balanced("s1")));
        assertTrue(starved.contains("class=\"verdict void\""));
        assertTrue(starved.contains(">VOID</b>"));
        assertTrue(
                page(new ResultFixture().lateBy(500).with(Books.doctored("s1"))).contains("class=\"verdict broken\""));
        assertTrue(kept().contains("commit abc, 2 cores"));
        assertTrue(kept().contains("./seckill loadtest rush --seed 7"));
    }

    @Test
    void shouldTellAcceptedRefusedAndStoredApart() {
        String page = kept();
        int from = page.indexOf("id=\"curves\">") + "id=\"curves\">".length();
        JsonObject curves = new JsonObject(page.substring(from, page.indexOf("</script>", from))).getJsonObject("rush");

        double step = curves.getJsonArray("seconds").getDouble(1);
        assertEquals(10, sum(curves, "accepted") * step, 0.01);
        assertEquals(90, sum(curves, "refused") * step, 0.01);
        assertEquals(10, sum(curves, "stored") * step, 1.0);
        assertEquals(0, curves.getJsonArray("unknown").size());
        assertEquals(10, curves.getJsonArray("left").getInteger(0), 1);
        int last = curves.getJsonArray("left").size() - 1;
        assertEquals(0, curves.getJsonArray("left").getInteger(last));
        assertEquals(0, curves.getJsonArray("waiting").getInteger(last));
        assertTrue(page.contains("rush/report/index.html"));
        assertTrue(page.contains("p99.9"));
    }

    private static double sum(JsonObject curves, String name) {
        return curves.getJsonArray(name).stream()
                .filter(Objects::nonNull)
                .mapToDouble(value -> ((Number) value).doubleValue())
                .sum();
    }
}
