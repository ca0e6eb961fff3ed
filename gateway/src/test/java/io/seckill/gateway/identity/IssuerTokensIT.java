package io.seckill.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.seckill.gateway.Await;
import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.JwtKeys;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.http.TokenRules;
import io.seckill.gateway.identity.IssuerTokens.Verdict;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an identity provider whose keys change, and which is not always there. */
class IssuerTokensIT {
    private static final int HOUR_MS = 3_600_000;

    private static JWK rsa;
    private static JWK ec;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private FakeIssuer issuer;
    private IdentityProvider provider;
    private IssuerTokens tokens;
    private volatile long laterMs;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = FakeIssuer.rsa("r1");
        ec = FakeIssuer.ec("e1");
    }

    @BeforeEach
    void open() throws Exception {
        issuer = new FakeIssuer(vertx);
        issuer.publish(rsa, ec);
    }

    @AfterEach
    void close() throws Exception {
        issuer.close();
        Await.result(vertx.close());
    }

    @Test
    void shouldTakeTokensOfEachKindOfKey() throws Exception {
        start(HOUR_MS);

        assertEquals("auth0|ann", verify(IssuedTokens.bearer(rsa, "auth0|ann")).userId());
        Identity bob = verify(IssuedTokens.bearer(ec, "bob"));
        assertEquals("bob", bob.userId());
        assertFalse(bob.admin());
    }

    @Test
    void shouldTakeEd25519() throws Exception {
        for (int i = 0; i < 8; i++) {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            issuer.publish(new JsonObject()
                    .put("keys", new JsonArray().add(ed25519((EdECPublicKey) pair.getPublic())))
                    .encode());
            start(HOUR_MS);
            JsonObject header = new JsonObject().put("alg", "EdDSA").put("kid", "ed");
            String good = IssuedTokens.bearer(header, IssuedTokens.claims("ann"), "Ed25519", pair.getPrivate());

            assertEquals("ann", verify(good).userId());
            assertEquals(Verdict.NOT_GOOD, verdict(good.substring(0, good.length() - 8) + "AAAAAAAA"));
        }
    }

    @Test
    void shouldRememberWhatWasGoodAndNothingElse() throws Exception {
        start(HOUR_MS);
        String good = IssuedTokens.bearer(ec, "ann");
        String altered = good.substring(0, good.length() - 8) + "AAAAAAAA";

        for (int i = 0; i < 3; i++) {
            assertEquals("ann", verify(good).userId());
        }
        assertEquals(1, tokens.verified());
        for (int i = 0; i < 3; i++) {
            assertEquals(Verdict.NOT_GOOD, verdict(altered));
        }
        assertEquals(4, tokens.verified());
    }

    @Test
    void shouldVerifyOnceForWhoPressesManyTimes() throws Exception {
        start(HOUR_MS);
        String token = IssuedTokens.bearer(ec, "ann");
        List<Future<Verdict>> presses = new ArrayList<>();
        loop.runOnContext(v -> {
            for (int i = 0; i < 20; i++) {
                presses.add(tokens.verify(token));
            }
        });
        assertEquals("ann", verify(token).userId());

        for (Future<Verdict> press : presses) {
            assertEquals("ann", Await.result(press).identity().userId());
        }
        assertEquals(1, tokens.verified());
    }

    @Test
    void shouldForgetATokenWhenItsTimeIsOver() throws Exception {
        start(HOUR_MS);
        String token = IssuedTokens.bearer(rsa, "ann");
        verify(token);

        laterMs = HOUR_MS;
        assertEquals(Verdict.NOT_GOOD, verdict(token));
    }

    @ParameterizedTest
    @CsvSource({
        "iss,https://issuer.example",
        "iss,https://other.example/",
        "iss,",
        "aud,account",
        "aud,",
        "sub,a b",
        "sub,",
        "exp,1",
        "exp,",
        "nbf,4102444800"
    })
    void shouldRefuseOtherClaims(String name, String value) throws Exception {
        start(HOUR_MS);
        JsonObject claims = IssuedTokens.claims("ann");
        claims.put(name, value != null && value.matches("[0-9]+") ? Long.valueOf(value) : value);
        if (value == null) {
            claims.remove(name);
        }

        assertEquals(Verdict.NOT_GOOD, verdict(IssuedTokens.bearer(rsa, claims)));
        assertEquals(0, tokens.verified());
    }

    @Test
    void shouldFindOperatorsByTheClaimThatNamesThem() throws Exception {
        start(HOUR_MS);
        JsonObject claims = IssuedTokens.claims("ann")
                .put("roles", new JsonArray().add("staff").add("admin"));
        JsonObject elsewhere = IssuedTokens.claims("bob").put("role", "admin");

        assertTrue(verify(IssuedTokens.bearer(rsa, claims)).admin());
        assertFalse(verify(IssuedTokens.bearer(rsa, elsewhere)).admin());
    }

    /** A public key is no secret: whoever takes it for one can sign as anybody. */
    @Test
    void shouldNeverUseAKeyWithAnotherAlgorithm() throws Exception {
        start(HOUR_MS);
        JsonObject claims = IssuedTokens.claims("eve");
        byte[] pem = rsa.toRSAKey().toPublicKey().getEncoded();

        assertEquals(Verdict.NOT_GOOD, verdict(hmac("r1", "HS256", pem, claims)));
        assertEquals(Verdict.NOT_GOOD, verdict(hmac("r1", "RS256", pem, claims)));
        for (String algorithm : List.of("none", "None", "", "HS256", "RS384", "PS256", "ES256", "EdDSA", "rs256")) {
            JsonObject header = new JsonObject().put("alg", algorithm).put("kid", "r1");
            String signed = IssuedTokens.bearer(
                    header, claims, "SHA256withRSA", rsa.toRSAKey().toPrivateKey());
            assertEquals(Verdict.NOT_GOOD, verdict(signed), algorithm);
            assertEquals(Verdict.NOT_GOOD, verdict(signed.substring(0, signed.lastIndexOf('.') + 1)), algorithm);
        }
        JsonObject asRsa = new JsonObject().put("alg", "RS256").put("kid", "e1");
        String byEc = IssuedTokens.bearer(asRsa, claims, "SHA256withECDSAinP1363Format", ((ECKey) ec).toPrivateKey());
        assertEquals(Verdict.NOT_GOOD, verdict(byEc));
    }

    @Test
    void shouldRefuseSignaturesThatAreNone() throws Exception {
        start(HOUR_MS);
        for (JWK key : List.of(rsa, ec)) {
            String good = IssuedTokens.bearer(key, "ann");
            String unsigned = good.substring(0, good.lastIndexOf('.') + 1);
            for (int bytes : new int[] {0, 1, 63, 64, 65, 128, 256, 512}) {
                String zeros = IssuedTokens.base64(new byte[bytes]);
                assertEquals(Verdict.NOT_GOOD, verdict(unsigned + zeros), key.getKeyID() + " " + bytes);
            }
            assertEquals(Verdict.NOT_GOOD, verdict(unsigned + "!"));
        }
    }

    @Test
    void shouldRefuseAnotherKeysSignatureUnderAKnownId() throws Exception {
        start(HOUR_MS);

        assertEquals(Verdict.NOT_GOOD, verdict(IssuedTokens.bearer(FakeIssuer.rsa("r1"), "eve")));
        assertEquals(Verdict.NOT_GOOD, verdict(IssuedTokens.bearer(FakeIssuer.ec("e1"), "eve")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer a.b.c",
                "Bearer ..",
                "Bearer e30.e30.",
                "Basic x",
                "Bearer bnVsbA.e30.e30"
            })
    void shouldRefuseGarbage(String authorization) throws Exception {
        start(HOUR_MS);

        assertEquals(Verdict.NOT_GOOD, verdict(authorization));
    }

    @Test
    void shouldFollowARotationWithoutARefusal() throws Exception {
        start(0);
        String old = IssuedTokens.bearer(ec, "ann");
        verify(old);
        JWK next = FakeIssuer.ec("e2");
        issuer.publish(ec, next);

        assertEquals("bob", verify(IssuedTokens.bearer(next, "bob")).userId());
        assertEquals("ann", verify(old).userId());
    }

    @Test
    void shouldDropAWithdrawnKeyAndWhatItSigned() throws Exception {
        start(0);
        String old = IssuedTokens.bearer(ec, "ann");
        verify(old);
        JWK next = FakeIssuer.ec("e2");
        issuer.publish(next);
        verify(IssuedTokens.bearer(next, "bob"));

        assertEquals(Verdict.NOT_GOOD, verdict(old));
        // Another key under the old id is another key.
        issuer.publish(FakeIssuer.ec("e1"), next);
        verdict(IssuedTokens.bearer(FakeIssuer.ec("e3"), "eve"));
        assertEquals(Verdict.NOT_GOOD, verdict(old));
    }

    @Test
    void shouldAskNowAndThenWithoutAReason() throws Exception {
        start(0, 20);

        Await.until("the keys are asked for again", () -> issuer.asked() >= 4);
    }

    @Test
    void shouldKeepTheLastGoodKeysWhateverTheIssuerAnswers() throws Exception {
        start(1, 20);
        String token = IssuedTokens.bearer(rsa, "ann");
        List<io.vertx.core.Handler<HttpServerRequest>> troubles = List.of(
                request -> request.response().setStatusCode(500).end(),
                request -> request.response()
                        .setStatusCode(302)
                        .putHeader("location", issuer.url())
                        .end(),
                request -> request.response().end("{\"keys\":[]}"),
                request -> request.response().end("<html>"),
                request -> request.response().end("x".repeat(100_000)),
                request -> request.connection().close());
        for (io.vertx.core.Handler<HttpServerRequest> trouble : troubles) {
            issuer.answer(trouble);
            double failed = fetches("failed");
            Await.until("the issuer fails", () -> fetches("failed") > failed + 1);
            assertEquals("ann", verify(token).userId());
        }
        issuer.comeBack();
        double good = fetches("good");
        Await.until("the issuer is back", () -> fetches("good") > good);
    }

    @Test
    void shouldTellNobodyToGoWhileTheKeysAreNotKnownYet() throws Exception {
        issuer.goAway();
        deploy(1, 20);
        String token = IssuedTokens.bearer(rsa, "ann");
        Await.until("the issuer was asked", () -> fetches("failed") > 0);

        assertFalse(provider.isKnown());
        assertEquals(Problem.OVERLOADED, verdict(token).problem());
        issuer.comeBack();
        Await.until("the issuer was heard", provider::isKnown);
        assertEquals("ann", verify(token).userId());
    }

    @Test
    void shouldAskOnceForAStormOfUnknownKeys() throws Exception {
        start(HOUR_MS);
        List<Future<Verdict>> storm = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            storm.add(verifying(IssuedTokens.bearer(withId(ec, "x" + i), "eve")));
        }
        for (Future<Verdict> verdict : storm) {
            assertEquals(Verdict.NOT_GOOD, Await.result(verdict));
        }
        // At the start, and not since: an hour is not over.
        assertEquals(1, issuer.asked());
    }

    @Test
    void shouldBoundWhoWaitsForTheIssuer() throws Exception {
        start(1);
        ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
        issuer.answer(held::add);
        String stranger = IssuedTokens.bearer(withId(ec, "x"), "eve");
        List<Future<Verdict>> storm = new ArrayList<>();
        for (int i = 0; i < IssuerTokens.MAX_WAITING; i++) {
            storm.add(verifying(stranger));
        }
        Await.until("the issuer is asked", () -> !held.isEmpty());

        assertEquals(Verdict.NOT_NOW, verdict(stranger));
        assertEquals(Verdict.NOT_NOW, verdict(IssuedTokens.bearer(ec, "ann")));
        assertEquals(2, tokens.refused());
        assertEquals(1, held.size());
        issuer.comeBack();
        held.forEach(request -> request.connection().close());
        for (Future<Verdict> verdict : storm) {
            assertEquals(Verdict.NOT_GOOD, Await.result(verdict));
        }
        assertEquals(0, tokens.waiting());
        assertEquals("ann", verify(IssuedTokens.bearer(ec, "ann")).userId());
    }

    @Test
    void shouldBelieveNoServerButOneThatProvesItself() throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
        HttpServerOptions tls = new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.keyCertOptions());
        try (FakeIssuer stranger = new FakeIssuer(vertx, tls)) {
            stranger.publish(rsa);
            deploy(config(stranger.httpsUrl(), "", HOUR_MS), HOUR_MS);
            Await.until("the stranger is not believed", () -> fetches("failed") > 0);

            assertFalse(provider.isKnown());
            assertEquals(0, stranger.asked());
            deploy(config(stranger.httpsUrl(), certificate.certificatePath(), HOUR_MS), HOUR_MS);
            Await.until("the certificate is believed", provider::isKnown);
        } finally {
            certificate.delete();
        }
    }

    private double fetches(String outcome) {
        return registry.get("seckill.gateway.jwks.fetches")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private void start(int minGapMs) throws Exception {
        start(minGapMs, HOUR_MS);
    }

    private void start(int minGapMs, int refreshMs) throws Exception {
        deploy(minGapMs, refreshMs);
        Await.until("the keys are known", provider::isKnown);
    }

    private void deploy(int minGapMs, int refreshMs) throws Exception {
        deploy(config(issuer.url(), "", refreshMs), minGapMs);
    }

    private void deploy(IdentityConfig config, int minGapMs) throws Exception {
        provider = new IdentityProvider(config, minGapMs, registry);
        Await.result(provider.deploy(vertx));
        tokens = new IssuerTokens(
                provider,
                config,
                vertx.createSharedWorkerExecutor("signatures", 1),
                () -> System.currentTimeMillis() + laterMs);
    }

    private static IdentityConfig config(String url, String caFile, int refreshMs) {
        return new IdentityConfig(
                JwtKeys.parse(""),
                url,
                caFile,
                refreshMs,
                FakeIssuer.ISSUER,
                new TokenRules(FakeIssuer.AUDIENCE, "roles"),
                false);
    }

    private Identity verify(String authorization) throws Exception {
        Verdict verdict = verdict(authorization);
        assertEquals(null, verdict.problem());
        return verdict.identity();
    }

    private Verdict verdict(String authorization) throws Exception {
        return Await.result(verifying(authorization));
    }

    private Future<Verdict> verifying(String authorization) {
        Promise<Verdict> verdict = Promise.promise();
        loop.runOnContext(v -> tokens.verify(authorization).onComplete(verdict::succeed, verdict::fail));
        return verdict.future();
    }

    private static JWK withId(JWK key, String kid) {
        return key instanceof RSAKey r
                ? new RSAKey.Builder(r).keyID(kid).build()
                : new ECKey.Builder((ECKey) key).keyID(kid).build();
    }

    private static JsonObject ed25519(EdECPublicKey key) {
        byte[] y = key.getPoint().getY().toByteArray();
        byte[] x = new byte[32];
        for (int i = 0; i < Math.min(32, y.length); i++) {
            x[i] = y[y.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            x[31] |= (byte) 0x80;
        }
        return new JsonObject()
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("kid", "ed")
                .put("x", IssuedTokens.base64(x));
    }

    private static String hmac(String kid, String algorithm, byte[] secret, JsonObject claims) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        JsonObject header = new JsonObject().put("alg", algorithm).put("kid", kid);
        String text = IssuedTokens.base64(header.encode()) + "." + IssuedTokens.base64(claims.encode());
        return "Bearer " + text + "." + IssuedTokens.base64(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
