package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import io.seckill.gateway.http.TestTokens;
import io.seckill.gateway.identity.DemoSignIn;
import io.seckill.gateway.identity.FakeIssuer;
import io.seckill.gateway.identity.IssuedTokens;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Shoppers and operators whom somebody else vouches for, at whole gateways: an identity provider, and the demo's page. */
class SignInIT {
    private static final String ADMIN_SALES = "/admin/v1/sales";

    private static GatewayFixture shop;
    private static FakeIssuer issuer;
    private static JWK rsa;
    private static JWK ec;

    @BeforeAll
    static void start() throws Exception {
        rsa = FakeIssuer.rsa("r1");
        ec = FakeIssuer.ec("e1");
        shop = new GatewayFixture(1);
        issuer = new FakeIssuer(shop.vertx());
        issuer.publish(rsa, ec);
        TestGateway gateway = shop.start(provider());
        Await.until("the gateway is ready", gateway::isReady);
    }

    @AfterAll
    static void stop() throws Exception {
        issuer.close();
        shop.close();
    }

    private static Map<String, String> provider() {
        return Map.of(
                "SECKILL_JWKS_URL",
                issuer.url(),
                "SECKILL_JWT_ISSUER",
                FakeIssuer.ISSUER,
                "SECKILL_JWT_ROLE_CLAIM",
                "roles");
    }

    /** The body comes while the signature is being verified. */
    @Test
    void shouldSellToWhomTheProviderVouchesFor() throws Exception {
        String saleId = shop.sale(5);
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (String user : List.of("auth0|ann", "bob")) {
            HttpRequest<Buffer> request = shop.request(1, HttpMethod.POST, orders(saleId), null)
                    .putHeader("authorization", IssuedTokens.bearer(user.equals("bob") ? ec : rsa, user));
            answers.add(request.sendJsonObject(new JsonObject().put("quantity", 2)));
        }
        for (Future<HttpResponse<Buffer>> answer : answers) {
            HttpResponse<Buffer> response = Await.result(answer);
            assertEquals(202, response.statusCode(), response::bodyAsString);
            assertEquals(2, response.bodyAsJsonObject().getInteger("quantity"));
        }
        assertEquals(1, shop.remaining(saleId));
    }

    @Test
    void shouldTakeTheProvidersTokensBesideItsOwn() throws Exception {
        String saleId = shop.sale(2);
        HttpResponse<Buffer> own = shop.buy(1, saleId, "ann");
        assertEquals(202, own.statusCode(), own::bodyAsString);

        String order = "/api/v1/orders/" + own.bodyAsJsonObject().getString("id");
        assertEquals(200, asIssued(HttpMethod.GET, order, "ann").statusCode());
        assertEquals(404, asIssued(HttpMethod.GET, order, "eve").statusCode());
        assertEquals(200, asIssued(HttpMethod.GET, "/api/v1/orders", "ann").statusCode());
        assertEquals(404, asIssued(HttpMethod.POST, order + "/cancel", "eve").statusCode());
    }

    @Test
    void shouldRefuseWhoIsVouchedForByNobody() throws Exception {
        String saleId = shop.sale(1);
        JWK stranger = FakeIssuer.ec("e1");
        for (HttpRequest<Buffer> request : List.of(
                shop.request(1, HttpMethod.POST, orders(saleId), null),
                shop.request(1, HttpMethod.GET, "/api/v1/orders", null),
                shop.request(1, HttpMethod.GET, "/api/v1/orders/x/events", null),
                shop.request(1, HttpMethod.POST, "/api/v1/orders/x/cancel", null),
                shop.management(1, HttpMethod.GET, ADMIN_SALES))) {
            HttpResponse<Buffer> answer =
                    Await.result(request.putHeader("authorization", IssuedTokens.bearer(stranger, "eve"))
                            .send());
            assertEquals(401, answer.statusCode(), answer::bodyAsString);
            assertEquals("unauthenticated", answer.bodyAsJsonObject().getString("code"));
        }
        assertEquals(1, shop.remaining(saleId));
    }

    @Test
    void shouldLetInOperatorsByTheProvidersRoles() throws Exception {
        JsonObject claims = IssuedTokens.claims("ops").put("roles", new JsonArray().add("admin"));
        HttpResponse<Buffer> created = Await.result(shop.management(1, HttpMethod.POST, ADMIN_SALES)
                .putHeader("authorization", IssuedTokens.bearer(ec, claims))
                .sendJsonObject(shop.terms(new JsonObject())));
        assertEquals(201, created.statusCode(), created::bodyAsString);

        HttpResponse<Buffer> shopper = Await.result(shop.management(1, HttpMethod.GET, ADMIN_SALES)
                .putHeader("authorization", IssuedTokens.bearer(ec, "ann"))
                .send());
        assertEquals(403, shopper.statusCode());
    }

    @Test
    void shouldBeReadyWhenTheProviderWasHeard() throws Exception {
        try (FakeIssuer late = new FakeIssuer(shop.vertx())) {
            late.publish(ec);
            late.goAway();
            Map<String, String> settings = new HashMap<>(provider());
            settings.put("SECKILL_JWKS_URL", late.url());
            TestGateway gateway = shop.start(settings);
            String missing = "{\"ready\":false,\"missing\":[\"identity provider\"]}";
            Await.equal(missing, "what is missing", () -> Await.result(
                            shop.management(2, HttpMethod.GET, "/health/ready").send())
                    .bodyAsString());
            late.comeBack();
            Await.until("the gateway is ready", gateway::isReady);
            late.goAway();
            assertTrue(gateway.isReady());
            shop.stop(gateway);
        }
    }

    @Test
    void shouldSignInByTheDemosPageAndBuy() throws Exception {
        String saleId = shop.sale(1);
        TestGateway local = shop.start(Map.of(
                "SECKILL_DEMO_IDENTITY",
                "true",
                "SECKILL_JWT_KEYS",
                "local:" + TestTokens.KEYS.split(":", 2)[1]));
        try {
            Await.until("the gateway is ready", local::isReady);
            shop.awaitKnown(saleId);
            HttpResponse<Buffer> signedIn = Await.result(shop.request(2, HttpMethod.POST, DemoSignIn.PATH, null)
                    .sendForm(MultiMap.caseInsensitiveMultiMap().add("user", "ann")));
            assertEquals(303, signedIn.statusCode());
            String token = signedIn.getHeader("location").substring("/#token=".length());
            HttpResponse<Buffer> bought = Await.result(shop.request(2, HttpMethod.POST, orders(saleId), null)
                    .putHeader("authorization", "Bearer " + token)
                    .send());
            assertEquals(202, bought.statusCode(), bought::bodyAsString);
            assertEquals("ann", bought.bodyAsJsonObject().getString("userId"));
            assertEquals(403, adminCall(token).statusCode());
        } finally {
            shop.stop(local);
        }
    }

    @Test
    void shouldHaveNoDemoPageUnlessItIsToldTo() throws Exception {
        HttpResponse<Buffer> page = shop.get(0, DemoSignIn.PATH, null);

        assertEquals(404, page.statusCode());
        assertFalse(page.bodyAsString().contains("<form"));
    }

    private static HttpResponse<Buffer> adminCall(String token) throws Exception {
        return Await.result(shop.management(2, HttpMethod.GET, ADMIN_SALES)
                .putHeader("authorization", "Bearer " + token)
                .send());
    }

    private static HttpResponse<Buffer> asIssued(HttpMethod method, String path, String user) throws Exception {
        return Await.result(shop.request(1, method, path, null)
                .putHeader("authorization", IssuedTokens.bearer(rsa, user))
                .send());
    }

    private static String orders(String saleId) {
        return GatewayFixture.SALES + "/" + saleId + "/orders";
    }
}
