package io.seckill.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final String HS256 = "HmacSHA256";

    private static Vertx vertx;

    private long nowMs = System.currentTimeMillis();
    private final TokenVerifier verifier =
            new TokenVerifier(JwtKeys.parse(TestTokens.KEYS), TestTokens.RULES, () -> nowMs);

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close();
    }

    @Test
    void shouldTakeItsOwnKindOfToken() {
        Identity user = verify(good(claims()));

        assertEquals("ann", user.userId());
        assertFalse(user.admin());
        assertEquals(seconds(60) * 1000, user.expiresMs());
    }

    @Test
    void shouldTakeTokensThatTheLibraryMints() {
        TestTokens tokens = new TestTokens(vertx);

        assertEquals("bob", verify(tokens.shopper("bob")).userId());
        assertTrue(verify(tokens.admin()).admin());
    }

    @Test
    void shouldTakeAnAudienceAmongOthers() {
        JsonObject claims = claims().put("aud", new JsonArray().add("other").add(TestTokens.AUDIENCE));

        assertNotNull(verify(good(claims)));
    }

    @ParameterizedTest
    @CsvSource({"HS384,HmacSHA384", "HS512,HmacSHA512", "RS256,HmacSHA256", "none,HmacSHA256", "hs256,HmacSHA256"})
    void shouldRefuseEveryOtherAlgorithm(String algorithm, String mac) {
        JsonObject header = TestTokens.header().put("alg", algorithm);

        assertNull(verify(TestTokens.sign(header, claims(), mac, TestTokens.SECRET)));
    }

    @Test
    void shouldRefuseUnsignedTokens() {
        String header = TestTokens.base64(TestTokens.header().put("alg", "none").encode());
        String claims = TestTokens.base64(claims().encode());

        assertNull(verify(header + "." + claims + "."));
        assertNull(verify(header + "." + claims));
        assertNull(verify(TestTokens.base64(TestTokens.header().encode()) + "." + claims + "."));
    }

    @Test
    void shouldRefuseATokenWithoutAKnownKey() {
        JsonObject noKey = TestTokens.header();
        noKey.remove("kid");

        assertNull(verify(TestTokens.sign(noKey, claims(), HS256, TestTokens.SECRET)));
        for (Object kid : new Object[] {"other", "", 1, new JsonObject(), "TEST"}) {
            JsonObject header = TestTokens.header().put("kid", kid);
            assertNull(verify(TestTokens.sign(header, claims(), HS256, TestTokens.SECRET)), "kid " + kid);
        }
    }

    @Test
    void shouldRefuseASignatureOfAnotherSecret() {
        byte[] other = TestTokens.SECRET.clone();
        other[0]++;

        assertNull(verify(TestTokens.sign(TestTokens.header(), claims(), HS256, other)));
    }

    @Test
    void shouldRefuseAnAlteredToken() {
        String[] parts = good(claims()).split("\\.");
        String claims = TestTokens.base64(claims().put("sub", "eve").encode());

        assertNull(verify(parts[0] + "." + claims + "." + parts[2]));
        assertNull(verify(parts[0] + "." + parts[1] + "." + parts[2].substring(1)));
        assertNull(verify(parts[0] + "." + parts[1] + "." + parts[2] + "." + parts[2]));
    }

    @Test
    void shouldRefuseAnotherAudience() {
        JsonObject none = claims();
        none.remove("aud");

        assertNull(verify(good(none)));
        assertNull(verify(good(claims().put("aud", "other"))));
        assertNull(verify(good(claims().put("aud", new JsonArray()))));
    }

    @Test
    void shouldRefuseATokenThatNeverExpiresOrHas() {
        JsonObject never = claims();
        never.remove("exp");

        assertNull(verify(good(never)));
        assertNull(verify(good(claims().put("exp", seconds(0)))));
        assertNull(verify(good(claims().put("exp", seconds(-1)))));
        assertNull(verify(good(claims().put("exp", "tomorrow"))));
    }

    @Test
    void shouldRefuseATokenBeforeItsTime() {
        assertNull(verify(good(claims().put("nbf", seconds(30)))));
        assertNotNull(verify(good(claims().put("nbf", seconds(-30)))));
    }

    @Test
    void shouldRefuseUsersThatTheSystemCannotBear() {
        JsonObject nobody = claims();
        nobody.remove("sub");

        assertNull(verify(good(nobody)));
        for (Object sub : new Object[] {"", "a b", "u".repeat(65), "käthe", "a\nb", "a\u0000", 7, new JsonArray()}) {
            assertNull(verify(good(claims().put("sub", sub))), "sub " + sub);
        }
        assertNotNull(verify(good(claims().put("sub", "u".repeat(64)))));
    }

    @Test
    void shouldTakeOnlyTheTextAdminForAnAdmin() {
        Object[] others = {
            "Admin", "admin ", "", true, 1, new JsonArray().add(new JsonArray().add("admin")), new JsonObject()
        };
        for (Object role : others) {
            assertFalse(verify(good(claims().put("role", role))).admin(), "role " + role);
        }
        assertTrue(verify(good(claims().put("role", "admin"))).admin());
        JsonArray several = new JsonArray().add("shopper").add("admin");
        assertTrue(verify(good(claims().put("role", several))).admin());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "...",
                "a.b.c",
                "e30.e30.",
                "bnVsbA.e30.e30",
                "W10.e30.e30",
                "\u0000.\uffff.ä",
                "%",
                "eyJraWQiOiJ0ZXN0In0.bnVsbA.x",
                "eyJraWQiOiJ0ZXN0In0..",
                "eyJraWQiOiJ0ZXN0In0"
            })
    void shouldRefuseGarbage(String token) {
        assertNull(verify(token));
    }

    @Test
    void shouldRefuseHugeAndDeepTokens() {
        String deep = TestTokens.base64("{\"kid\":" + "[".repeat(2_500));

        assertNull(verify(deep + ".e30.e30"));
        assertNull(verify("a".repeat(10_000_000)));
        assertNull(verify(good(claims().put("padding", "x".repeat(4_096)))));
    }

    @Test
    void shouldRefuseRandomAlterationsOfAGoodToken() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String token = good(claims());
        for (int i = 0; i < 2_000; i++) {
            char[] text = token.toCharArray();
            text[random.nextInt(text.length)] = (char) random.nextInt(256);
            String altered = new String(text);
            // The last character of a signature has bits that mean nothing.
            assertTrue(sameBits(token, altered) || verify(altered) == null, "seed " + seed + ": " + altered);
        }
    }

    @Test
    void shouldRefuseAHeaderThatIsNoBearer() {
        String token = good(claims());

        assertNull(verifier.verify(null));
        assertNull(verifier.verify(token));
        assertNull(verifier.verify("Basic " + token));
        assertNull(verifier.verify("Bearer"));
        assertNull(verifier.verify("Bearer  " + token));
        assertNull(verifier.verify("Bearer " + token + " x"));
    }

    @Test
    void shouldRefuseATokenOnceTheClockPassesItsExpiry() {
        String token = good(claims());
        long expiresMs = verify(token).expiresMs();

        nowMs = expiresMs - 1;
        assertNotNull(verify(token));
        nowMs = expiresMs;
        assertNull(verify(token));
    }

    @Test
    void shouldRefuseAHeaderWithWhatItDoesNotKnow() {
        JsonObject critical = TestTokens.header().put("crit", new JsonArray().add("b64"));

        assertNull(verify(TestTokens.sign(critical, claims(), HS256, TestTokens.SECRET)));
        assertNotNull(verify(TestTokens.sign(TestTokens.header().put("x", 1), claims(), HS256, TestTokens.SECRET)));
    }

    @Test
    void shouldTakeTokensOfSeveralKeysInAnyOrder() {
        byte[] second = TestTokens.SECRET.clone();
        second[0]++;
        String keys = TestTokens.KEYS + ",next:" + Base64.getUrlEncoder().encodeToString(second);
        TokenVerifier both = new TokenVerifier(JwtKeys.parse(keys), TestTokens.RULES, () -> nowMs);
        String old = "Bearer " + good(claims());
        JsonObject next = TestTokens.header().put("kid", "next");
        String fresh = "Bearer " + TestTokens.sign(next, claims(), HS256, second);

        for (int i = 0; i < 2; i++) {
            assertNotNull(both.verify(old));
            assertNotNull(both.verify(fresh));
            assertNull(both.verify("Bearer " + TestTokens.sign(next, claims(), HS256, TestTokens.SECRET)));
        }
    }

    @Test
    void shouldNotGrowWithTheHeadersOfStrangers() {
        for (int i = 0; i < 200; i++) {
            JsonObject header = TestTokens.header().put("x", i);
            assertNotNull(verify(TestTokens.sign(header, claims(), HS256, TestTokens.SECRET)));
        }
        assertEquals("ann", verify(good(claims())).userId());
    }

    private Identity verify(String token) {
        return verifier.verify("Bearer " + token);
    }

    private static String good(JsonObject claims) {
        return TestTokens.sign(TestTokens.header(), claims, HS256, TestTokens.SECRET);
    }

    private JsonObject claims() {
        return new JsonObject()
                .put("sub", "ann")
                .put("aud", TestTokens.AUDIENCE)
                .put("exp", seconds(60));
    }

    private long seconds(int fromNow) {
        return nowMs / 1000 + fromNow;
    }

    private static boolean sameBits(String one, String other) {
        int dot = one.lastIndexOf('.') + 1;
        if (!one.substring(0, dot).equals(other.substring(0, dot))) {
            return false;
        }
        try {
            Base64.Decoder decoder = Base64.getUrlDecoder();
            return java.util.Arrays.equals(decoder.decode(one.substring(dot)), decoder.decode(other.substring(dot)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
