package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenMintTest {

    private static final String SECRET = "a-secret-of-32-bytes-for-hs256-!";
    private static final String OTHER = "another-secret-of-32-bytes-only!";

    private static String encoded(String secret) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static final String KEYS = "new:" + encoded(SECRET) + ",old:" + encoded(OTHER);

    private static Future<User> verify(String token, String kid, String secret) {
        JWTAuthOptions options = new JWTAuthOptions()
                .setJWTOptions(new JWTOptions().addAudience("seckill"))
                .addPubSecKey(
                        new PubSecKeyOptions().setAlgorithm("HS256").setId(kid).setBuffer(Buffer.buffer(secret)));
        return JWTAuth.create(null, options).authenticate(new TokenCredentials(token));
    }

    private static JsonObject segment(String token, int index) {
        return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(token.split("\\.")[index])));
    }

    @Test
    void shouldMintWhatAVerifierAccepts() {
        String token = TokenMint.of(KEYS, "seckill").mint("u1", null, Duration.ofMinutes(5));

        User user = verify(token, "new", SECRET).result();

        assertEquals("u1", user.subject());
        assertTrue(verify(token, "new", OTHER).failed(), "only the first key signs");
    }

    @Test
    void shouldNameItsKeyAndClaims() {
        String token = TokenMint.of(KEYS, "seckill").mint("u1", "admin", Duration.ofSeconds(90));

        JsonObject header = segment(token, 0);
        JsonObject claims = segment(token, 1);
        assertEquals("new", header.getString("kid"));
        assertEquals("HS256", header.getString("alg"));
        assertEquals("u1", claims.getString("sub"));
        assertEquals("seckill", claims.getValue("aud"));
        assertEquals("admin", claims.getString("role"));
        assertEquals(90, claims.getLong("exp") - claims.getLong("iat"));
    }

    @Test
    void shouldLeaveTheRoleOutIfThereIsNone() {
        JsonObject claims = segment(TokenMint.of(KEYS, "seckill").mint("u1", null, Duration.ofMinutes(1)), 1);

        assertFalse(claims.containsKey("role"));
    }

    @Test
    void shouldMintAnExpiredTokenOnDemand() {
        String token = TokenMint.of(KEYS, "seckill").mint("u1", null, Duration.ofSeconds(-5));

        assertTrue(verify(token, "new", SECRET).failed());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  ", "nocolon", ":c2VjcmV0", "kid:", "kid:not base64!", "a:c2Vj,", "a:c2Vj,a:c2Vj"})
    void shouldRefuseMalformedKeys(String keys) {
        assertThrows(IllegalArgumentException.class, () -> TokenMint.of(keys, "seckill"));
    }

    @Test
    void shouldNotRepeatASecretInAnError() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> TokenMint.of("ok:c2Vj,bad:top*secret", "seckill"));

        assertTrue(error.getMessage().contains("key 2"), error.getMessage());
        assertFalse(error.getMessage().contains("top"), error.getMessage());
        assertNull(error.getCause());
    }

    @Test
    void shouldRefuseAMissingAudience() {
        assertThrows(IllegalArgumentException.class, () -> TokenMint.of(KEYS, " "));
    }
}
