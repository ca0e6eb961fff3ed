package io.seckill.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.http.ServerClock;
import io.seckill.gateway.sale.SaleCatalog;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShopTemplatesTest {
    private static final int MOST_BYTES = 60 * 1_024;
    private static final long STARTS = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();

    private final ShopTemplates shop = ShopTemplates.read("/sign-in?a=1&b=2");
    private final Texts english = shop.texts("en", null);

    @Test
    void shouldShowASaleWithoutAScript() {
        String html = page(sale("Phone", ""), STARTS - 60_000);

        assertTrue(html.contains("<h1 data-field=\"title\">Phone</h1>"), html);
        assertTrue(html.contains(">CN¥9.90<"), html);
        assertTrue(html.contains("700 of 1,000 left"), html);
        assertTrue(html.contains(">11 Nov, 12:00 UTC<"), html);
        assertTrue(html.contains("datetime=\"2026-11-11T12:00:00Z\""), html);
        assertTrue(html.contains("<meta name=\"sign-in\" content=\"/sign-in?a=1&amp;b=2\">"), html);
        assertFalse(html.contains("{{"), html);
    }

    @Test
    void shouldShowASaleInChinese() {
        SaleView sale = sale("手机", "");
        String html = shop.sale(sale, STARTS - 60_000, shop.texts(null, "zh-CN,zh;q=0.9,en;q=0.8"))
                .text();

        assertTrue(html.contains("<html lang=\"zh\">"), html);
        assertTrue(html.contains(">11月11日 12:00 UTC<"), html);
        assertTrue(html.contains("剩余 700 件，共 1,000 件"), html);
    }

    @Test
    void shouldEscapeWhatAnOperatorWrote() {
        SaleView sale = sale("</title><script>alert(1)</script>", "\" onerror=\"alert(1)");

        String html = page(sale, STARTS) + list(sale);

        assertFalse(html.contains("<script>"), html);
        assertFalse(html.contains("onerror"), html);
    }

    @ParameterizedTest
    @CsvSource({
        "https://img.example:8443/a.png,https://img.example:8443",
        "/a.png,''",
        "http://img.example/a.png,''",
        "javascript:alert(1),''",
        "data:image/png;base64,''",
        "https://a;script-src x/a.png,''",
        "//img.example/a.png,''",
        "https://user@img.example/a.png,''"
    })
    void shouldLetPicturesComeFromNamedPlacesOnly(String url, String origin) {
        assertEquals(origin, SalePicture.origin(url));
        boolean shown = !origin.isEmpty() || url.equals("/a.png");
        assertEquals(
                shown ? url : "/pictures/phone.svg",
                SalePicture.url(sale("Phone", url).row()));
    }

    @Test
    void shouldHaveTheSameTextsInEveryLanguage() {
        Texts chinese = shop.texts("zh", null);

        assertEquals(
                new TreeSet<>(english.byKey().keySet()),
                new TreeSet<>(chinese.byKey().keySet()));
        english.byKey()
                .forEach((key, text) -> assertEquals(places(text), places(chinese.get(key)), () -> "places of " + key));
    }

    @Test
    void shouldBeSmall() {
        int pages = Content.of(
                        "text/html",
                        (page(sale("Phone", ""), STARTS) + list(sale("Phone", ""))).getBytes(StandardCharsets.UTF_8))
                .transferred();
        int assets = shop.files().assets().values().stream()
                .mapToInt(Content::transferred)
                .sum();

        assertTrue(pages + assets <= MOST_BYTES, () -> pages + " and " + assets + " bytes");
    }

    private static Set<String> places(String text) {
        Set<String> places = new TreeSet<>();
        Pattern.compile("\\{\\w+}").matcher(text).results().forEach(match -> places.add(match.group()));
        return places;
    }

    private String page(SaleView sale, long nowMs) {
        return shop.sale(sale, nowMs, english).text();
    }

    private String list(SaleView sale) {
        return shop.list(
                        new SaleCatalog(Map.of(sale.saleId(), sale), ServerClock.at(STARTS, System::nanoTime)), english)
                .text();
    }

    private static SaleView sale(String title, String imageUrl) {
        SaleRow row = new SaleRow(
                "phone",
                title,
                "",
                imageUrl,
                990,
                "CNY",
                1_000,
                1,
                STARTS,
                STARTS + 60_000,
                900,
                1,
                1,
                SaleRow.Phase.SELLING,
                false);
        SaleStatus status = new SaleStatus(STARTS, true, true, 1, "selling", 700, 1, 0, 0, 1, 1_000, 0);
        return new SaleView(row, SaleKeys.of("phone"), status, null);
    }
}
