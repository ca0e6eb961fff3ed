package io.seckill.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.Await;
import io.seckill.gateway.GatewayFixture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shop's pages and files as a browser or a CDN gets them. */
class ShopPagesIT {
    private static final Pattern ASSET = Pattern.compile("/assets/[a-z.0-9]+");

    private static GatewayFixture shop;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @Test
    void shouldShowASaleAsItIs() throws Exception {
        String saleId = shop.sale(new JsonObject().put("stock", 2).put("title", "<script>alert(1)</script>"));

        HttpResponse<Buffer> page = shop.get(0, "/sales/" + saleId, null);

        assertEquals(200, page.statusCode());
        assertEquals("text/html; charset=utf-8", page.getHeader("content-type"));
        assertTrue(page.bodyAsString().contains("2 of 2 left"), page::bodyAsString);
        assertTrue(page.bodyAsString().contains("&lt;script&gt;alert(1)"), page::bodyAsString);
        assertFalse(page.bodyAsString().contains("<script>"), page::bodyAsString);
        assertEquals(202, shop.buy(0, saleId, "ann").statusCode());
        Await.until(
                "the page shows what is left",
                () -> shop.get(0, "/sales/" + saleId, null).bodyAsString().contains("1 of 2 left"));
        assertTrue(shop.get(0, "/", null).bodyAsString().contains("href=\"/sales/" + saleId + "\""));
    }

    @Test
    void shouldAllowABrowserNothingButOurOwn() throws Exception {
        String ours = shop.sale(1);
        String elsewhere = shop.sale(new JsonObject().put("imageUrl", "https://img.example/a.png"));

        assertEquals(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                        + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
                shop.get(0, "/sales/" + ours, null).getHeader("content-security-policy"));
        assertTrue(shop.get(0, "/sales/" + elsewhere, null)
                .getHeader("content-security-policy")
                .contains("img-src 'self' https://img.example;"));
        HttpResponse<Buffer> orders = shop.get(0, "/orders", null);
        assertEquals("nosniff", orders.getHeader("x-content-type-options"));
        assertEquals("same-origin", orders.getHeader("referrer-policy"));
    }

    @Test
    void shouldServeFilesForEverAndPagesAfterAsking() throws Exception {
        HttpResponse<Buffer> page = shop.get(0, "/orders", null);
        List<String> assets = ASSET.matcher(page.bodyAsString())
                .results()
                .map(match -> match.group())
                .toList();

        assertTrue(assets.size() > 5, page::bodyAsString);
        for (String path : assets) {
            HttpResponse<Buffer> asset = shop.get(0, path, null);
            assertEquals(200, asset.statusCode(), path);
            assertEquals("public, max-age=31536000, immutable", asset.getHeader("cache-control"), path);
            assertEquals("nosniff", asset.getHeader("x-content-type-options"), path);
            assertEquals("accept-encoding", asset.getHeader("vary"), "one copy for everybody");
        }
        assertEquals("no-cache", page.getHeader("cache-control"));
        HttpResponse<Buffer> again = ask(HttpMethod.GET, "/orders", Map.of("if-none-match", page.getHeader("etag")));
        assertEquals(304, again.statusCode());
        assertNull(again.body());
        assertEquals(page.getHeader("etag"), again.getHeader("etag"));
    }

    @Test
    void shouldAnswerHeadWithTheSameHeaders() throws Exception {
        HttpResponse<Buffer> got = shop.get(0, "/orders", null);
        HttpResponse<Buffer> head = ask(HttpMethod.HEAD, "/orders", Map.of());

        assertEquals(200, head.statusCode());
        assertNull(head.body());
        assertEquals(got.getHeader("etag"), head.getHeader("etag"));
        assertEquals(got.getHeader("content-length"), head.getHeader("content-length"));
    }

    @Test
    void shouldSendFewerBytesToWhoTakesThem() throws Exception {
        HttpResponse<Buffer> plain = shop.get(0, "/orders", null);
        HttpResponse<Buffer> small = ask(HttpMethod.GET, "/orders", Map.of("accept-encoding", "gzip, br"));

        assertEquals("gzip", small.getHeader("content-encoding"));
        assertTrue(small.body().length() < plain.body().length() / 2);
        assertEquals(
                Set.of("accept-encoding", "accept-language"),
                Set.copyOf(plain.headers().getAll("vary")));
    }

    @Test
    void shouldSpeakTheBrowsersLanguage() throws Exception {
        HttpResponse<Buffer> chinese = ask(HttpMethod.GET, "/", Map.of("accept-language", "zh-CN,zh;q=0.9,en;q=0.8"));
        HttpResponse<Buffer> english = ask(HttpMethod.GET, "/", Map.of("accept-language", "de,fr;q=0.5"));
        HttpResponse<Buffer> asked = ask(HttpMethod.GET, "/?lang=zh", Map.of("accept-language", "en"));

        assertTrue(chinese.bodyAsString().contains("<html lang=\"zh\">"));
        assertTrue(english.bodyAsString().contains("<html lang=\"en\">"));
        assertTrue(asked.bodyAsString().contains("<html lang=\"zh\">"));
        assertNotEquals(chinese.getHeader("etag"), english.getHeader("etag"));
    }

    @Test
    void shouldDrawAPictureForASale() throws Exception {
        HttpResponse<Buffer> picture = shop.get(0, "/pictures/phone.svg", null);

        assertEquals("image/svg+xml", picture.getHeader("content-type"));
        assertEquals(picture.body(), shop.get(0, "/pictures/phone.svg", null).body());
        assertNotEquals(
                picture.body(), shop.get(0, "/pictures/kettle.svg", null).body());
    }

    private static HttpResponse<Buffer> ask(HttpMethod method, String path, Map<String, String> headers)
            throws Exception {
        var request = shop.request(0, method, path, null);
        headers.forEach(request::putHeader);
        return Await.result(request.send());
    }
}
