package io.seckill.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Mints tokens: good ones by vertx-auth-jwt, and any others by hand. */
public final class TestTokens {
    public static final String KEY_ID = "test";
    public static final String AUDIENCE = "seckill";
    public static final byte[] SECRET = "a secret of tests, not of anything else".getBytes(StandardCharsets.US_ASCII);
    /** As SECKILL_JWT_KEYS has it. */
    public static final String KEYS = KEY_ID + ":" + base64(SECRET);

    static final TokenRules RULES = new TokenRules(AUDIENCE, TokenRules.ROLE_CLAIM);

    private final JWTAuth jwt;

    public TestTokens(Vertx vertx) {
        this.jwt = JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .addPubSecKey(new PubSecKeyOptions()
                                .setId(KEY_ID)
                                .setAlgorithm("HS256")
                                .setBuffer(Buffer.buffer(SECRET))));
    }

    public String shopper(String userId) {
        return mint(new JsonObject().put("sub", userId));
    }

    public String admin() {
        return mint(new JsonObject().put("sub", "operator").put("role", "admin"));
    }

    private String mint(JsonObject claims) {
        return jwt.generateToken(
                claims,
                new JWTOptions()
                        .setAlgorithm("HS256")
                        .setHeader(new JsonObject().put("kid", KEY_ID))
                        .addAudience(AUDIENCE)
                        .setExpiresInMinutes(60));
    }

    static JsonObject header() {
        return new JsonObject().put("alg", "HS256").put("typ", "JWT").put("kid", KEY_ID);
    }

    /** Any header and claims, signed with any secret by any of Java's MACs. */
    static String sign(JsonObject header, JsonObject claims, String mac, byte[] secret) {
        String text = base64(header.encode()) + "." + base64(claims.encode());
        try {
            Mac signer = Mac.getInstance(mac);
            signer.init(new SecretKeySpec(secret, mac));
            return text + "." + base64(signer.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
