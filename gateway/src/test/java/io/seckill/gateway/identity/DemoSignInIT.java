package io.seckill.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.Await;
import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.JwtKeys;
import io.seckill.gateway.http.Problems;
import io.seckill.gateway.http.TestTokens;
import io.seckill.gateway.http.TokenRules;
import io.seckill.gateway.http.TokenVerifier;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page on which anybody becomes any shopper of a local stack. */
class DemoSignInIT {
    private static final JwtKeys KEYS = JwtKeys.parse("local:" + TestTokens.KEYS.split(":", 2)[1]);
    private static final TokenRules RULES = new TokenRules("seckill", TokenRules.ROLE_CLAIM);
    private static final String FRAGMENT = "/#token=";
    /** Half an hour from now: it is the servers' clock that counts, not the gateway's. */
    private static final long NOW_MS = System.currentTimeMillis() + 1_800_000;

    private final Vertx vertx = Vertx.vertx();
    private final WebClient web = WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false));
    private HttpServer server;

    @BeforeEach
    void open() throws Exception {
        Router router = Router.router(vertx);
        new DemoSignIn(vertx, new IdentityConfig(KEYS, "", "", 1_000, "", RULES, true), () -> NOW_MS).mount(router);
        server = Await.result(vertx.createHttpServer()
                .requestHandler(Problems.handledBy(router))
                .listen(0, "127.0.0.1"));
    }

    @AfterEach
    void close() throws Exception {
        Await.result(vertx.close());
    }

    @Test
    void shouldSignAShopperInForAnHour() throws Exception {
        HttpResponse<Buffer> answer = signIn("ann", "origin", here());

        assertEquals(303, answer.statusCode());
        assertEquals("no-store", answer.getHeader("cache-control"));
        Identity ann = new TokenVerifier(KEYS, RULES, () -> NOW_MS).verify("Bearer " + token(answer));
        assertEquals("ann", ann.userId());
        assertFalse(ann.admin());
        assertEquals((NOW_MS + 3_600_000) / 1_000, ann.expiresMs() / 1_000);
    }

    @Test
    void shouldNeverSignAnOperatorIn() throws Exception {
        MultiMap form = MultiMap.caseInsensitiveMultiMap()
                .add("user", "ann")
                .add("role", "admin")
                .add("return", "https://evil.example/");
        HttpResponse<Buffer> answer = Await.result(post().sendForm(form));
        String claims = token(answer).split("\\.")[1];

        assertEquals(
                java.util.Set.of("sub", "aud", "iat", "exp"),
                new JsonObject(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8)).fieldNames());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "käthe", "ann\n", "安"})
    void shouldAskAgainForANameThatIsNone(String name) throws Exception {
        HttpResponse<Buffer> answer = signIn(name, "origin", here());

        assertEquals(400, answer.statusCode());
        assertTrue(answer.bodyAsString().contains("role=\"alert\""));
        assertNull(answer.getHeader("location"));
        assertEquals(400, signIn("u".repeat(65), "origin", here()).statusCode());
        assertEquals(303, signIn("u".repeat(64), "origin", here()).statusCode());
    }

    @Test
    void shouldSayNothingThatWasSaidToIt() throws Exception {
        String body = signIn("<script>alert(1)</script> x", "origin", here()).bodyAsString();

        assertFalse(body.contains("script"), body);
    }

    @ParameterizedTest
    @CsvSource({
        "origin,https://evil.example",
        "origin,null",
        "origin,http://localhost",
        "sec-fetch-site,cross-site",
        "sec-fetch-site,same-site",
        "sec-fetch-site,none"
    })
    void shouldTakeNoFormFromElsewhere(String header, String value) throws Exception {
        assertEquals(403, signIn("ann", header, value).statusCode());
        assertEquals(303, signIn("ann", "sec-fetch-site", "same-origin").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "10.0.0.1"})
    void shouldAnswerToNamesOfThisMachineAlone(String host) throws Exception {
        assertEquals(403, Await.result(get().virtualHost(host).send()).statusCode());
        assertEquals(
                403,
                Await.result(post().virtualHost(host).sendForm(form("ann"))).statusCode());
        assertEquals(200, Await.result(get().virtualHost("localhost").send()).statusCode());
    }

    @Test
    void shouldShowAFormThatMayDoNothingElse() throws Exception {
        HttpResponse<Buffer> page = Await.result(get().send());
        String body = page.bodyAsString();
        String style = body.substring(body.indexOf("<style>") + 7, body.indexOf("</style>"));
        String hash = Base64.getEncoder()
                .encodeToString(java.security.MessageDigest.getInstance("SHA-256")
                        .digest(style.getBytes(StandardCharsets.UTF_8)));

        assertEquals(
                "default-src 'none'; style-src 'sha256-" + hash
                        + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                page.getHeader("content-security-policy"));
        assertEquals("nosniff", page.getHeader("x-content-type-options"));
        assertEquals("no-store", page.getHeader("cache-control"));
        assertFalse(body.contains("{{"), body);
        assertTrue(body.contains("lang=\"en\""), body);
        assertFalse(body.contains("role=\"alert\""), body);
    }

    @ParameterizedTest
    @CsvSource({"zh,zh", "zh-CN;q=0.9,zh", "en-GB,en", "fr,en", "zhx,en"})
    void shouldSpeakTheVisitorsLanguage(String accepted, String language) throws Exception {
        HttpResponse<Buffer> page =
                Await.result(get().putHeader("accept-language", accepted).send());

        assertTrue(page.bodyAsString().contains("<html lang=\"" + language + "\">"), page::bodyAsString);
    }

    @Test
    void shouldRefuseOtherForms() throws Exception {
        assertEquals(
                415,
                Await.result(post().sendJsonObject(new JsonObject().put("user", "ann")))
                        .statusCode());
        assertEquals(
                413,
                Await.result(post().sendForm(form("ann").add("more", "x".repeat(2_000))))
                        .statusCode());
        assertEquals(
                405,
                Await.result(web.put(server.actualPort(), "127.0.0.1", DemoSignIn.PATH)
                                .send())
                        .statusCode());
    }

    @Test
    void shouldBoundHowOftenItIsAsked() throws Exception {
        HttpResponse<Buffer> last = null;
        for (int i = 0; i <= 20 * SignInRate.AT_ONCE && (last == null || last.statusCode() == 200); i++) {
            last = Await.result(get().send());
        }

        assertEquals(429, last.statusCode());
        assertTrue(last.getHeader("retry-after").matches("[1-3]"));
    }

    private String here() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    private HttpRequest<Buffer> get() {
        return web.get(server.actualPort(), "127.0.0.1", DemoSignIn.PATH);
    }

    private HttpRequest<Buffer> post() {
        return web.post(server.actualPort(), "127.0.0.1", DemoSignIn.PATH);
    }

    private HttpResponse<Buffer> signIn(String user, String header, String value) throws Exception {
        return Await.result(post().putHeader(header, value).sendForm(form(user)));
    }

    private static MultiMap form(String user) {
        return MultiMap.caseInsensitiveMultiMap().add("user", user);
    }

    private static String token(HttpResponse<Buffer> answer) {
        String location = answer.getHeader("location");
        assertTrue(location.startsWith(FRAGMENT), location);
        return location.substring(FRAGMENT.length());
    }
}
