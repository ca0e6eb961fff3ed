package io.seckill.gateway.http;

import io.seckill.schema.message.OrderLine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Verifies bearer tokens: HS256 and nothing else, a known {@code kid}, our audience, an {@code exp} to come. Verified
 * tokens are remembered until they expire, the least recently used forgotten first. One instance per event loop.
 */
public final class TokenVerifier {
    private static final String BEARER = "Bearer ";
    private static final int MAX_TOKEN_LENGTH = 4_096;

    private final JWTAuth jwt;
    private final Set<String> keyIds;
    private final LongSupplier nowMs;
    private final Map<String, Identity> verified;

    public TokenVerifier(Vertx vertx, JwtKeys keys, String audience, int cacheSize, LongSupplier nowMs) {
        JWTAuthOptions options = new JWTAuthOptions()
                // The expiry is checked here, against the servers' common clock.
                .setJWTOptions(new JWTOptions().setAudience(List.of(audience)).setIgnoreExpiration(true));
        // With HMAC keys alone the library knows no other algorithm, so a token cannot choose one.
        keys.secrets()
                .forEach((kid, secret) -> options.addPubSecKey(
                        new PubSecKeyOptions().setId(kid).setAlgorithm("HS256").setBuffer(Buffer.buffer(secret))));
        this.jwt = JWTAuth.create(vertx, options);
        this.keyIds = keys.secrets().keySet();
        this.nowMs = nowMs;
        this.verified = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Identity> eldest) {
                return size() > cacheSize;
            }
        };
    }

    /**
     * @param authorization value of the Authorization header, may be null
     * @return the identity, or null if there is no token or it is not good
     */
    public Identity verify(String authorization) {
        if (authorization == null || authorization.length() > MAX_TOKEN_LENGTH || !isBearer(authorization)) {
            return null;
        }
        Identity known = verified.get(authorization);
        if (known == null) {
            known = check(authorization.substring(BEARER.length()));
            if (known == null) {
                return null;
            }
            verified.put(authorization, known);
        }
        if (known.expiresMs() <= nowMs.getAsLong()) {
            verified.remove(authorization);
            return null;
        }
        return known;
    }

    private static boolean isBearer(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    private Identity check(String token) {
        try {
            if (!keyIds.contains(keyId(token))) {
                return null;
            }
            // The library works synchronously: the Future is complete when it returns.
            Future<User> result = jwt.authenticate(new TokenCredentials(token));
            if (!result.succeeded()) {
                return null;
            }
            JsonObject claims = result.result().attributes().getJsonObject("accessToken");
            Object user = claims.getValue("sub");
            Long expires = claims.getLong("exp");
            Long notBefore = claims.getLong("nbf");
            boolean early = notBefore != null && notBefore * 1000 > nowMs.getAsLong();
            return user instanceof String userId && OrderLine.isUserId(userId) && expires != null && !early
                    ? new Identity(userId, "admin".equals(claims.getValue("role")), expires * 1000)
                    : null;
        } catch (RuntimeException e) {
            // Whatever is wrong with a stranger's text, it is no token.
            return null;
        }
    }

    private static String keyId(String token) {
        byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        return String.valueOf(new JsonObject(Buffer.buffer(header)).getValue("kid"));
    }
}
