package io.seckill.gateway.http;

import io.seckill.schema.message.OrderLine;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies bearer tokens (RFC 7519, 7515): HS256 and nothing else, a known {@code kid}, our audience, an {@code exp} to come.
 * Each token is verified each time; none is remembered, since in a sale nearly all come once. One instance per event loop.
 */
public final class TokenVerifier {
    private static final String BEARER = "Bearer ";
    private static final String HMAC = "HmacSHA256";
    private static final int MAX_TOKEN_LENGTH = 4_096;
    /** Encoded headers that are remembered; one issuer writes one for each of its keys. */
    private static final int MAX_HEADERS = 64;

    private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();

    private final Map<String, Mac> keys = new HashMap<>();
    // By an encoded header that a signature was good for.
    private final Map<String, Mac> headers = new HashMap<>();
    private final String audience;
    private final LongSupplier nowMs;

    /** @param nowMs the servers' common clock */
    public TokenVerifier(JwtKeys keys, String audience, LongSupplier nowMs) {
        keys.secrets().forEach((kid, secret) -> this.keys.put(kid, hmac(secret)));
        this.audience = audience;
        this.nowMs = nowMs;
    }

    /**
     * @param authorization value of the Authorization header, may be null
     * @return the identity, or null if there is no token or it is not good
     */
    public Identity verify(String authorization) {
        if (authorization == null || authorization.length() > MAX_TOKEN_LENGTH || !isBearer(authorization)) {
            return null;
        }
        int claims = authorization.indexOf('.', BEARER.length()) + 1;
        int signature = authorization.indexOf('.', claims) + 1;
        if (claims == 0 || signature == 0 || authorization.indexOf('.', signature) >= 0) {
            return null;
        }
        try {
            String header = authorization.substring(BEARER.length(), claims - 1);
            Mac key = key(header);
            if (key == null || !isSigned(key, authorization, signature)) {
                return null;
            }
            if (headers.size() < MAX_HEADERS) {
                headers.putIfAbsent(header, key);
            }
            return identity(TokenClaims.read(base64(authorization, claims, signature - 1), audience));
        } catch (IOException | RuntimeException e) {
            // Whatever is wrong with a stranger's text, it is no token.
            return null;
        }
    }

    private static boolean isBearer(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    /** The key that a header names, null if it names none of ours or asks for anything but HS256 with it. */
    private Mac key(String header) {
        Mac known = headers.get(header);
        if (known != null) {
            return known;
        }
        JsonObject json = new JsonObject(Buffer.buffer(BASE64.decode(header)));
        boolean plain = "HS256".equals(json.getValue("alg")) && !json.containsKey("crit");
        return plain && json.getValue("kid") instanceof String kid ? keys.get(kid) : null;
    }

    /** @param signature where it begins; what is signed is all before it, but for the dot */
    private static boolean isSigned(Mac key, String authorization, int signature) {
        byte[] given = base64(authorization, signature, authorization.length());
        // A character that is not Latin-1 becomes a question mark, which no base64 has: then the claims are unreadable.
        key.update(authorization.substring(BEARER.length(), signature - 1).getBytes(StandardCharsets.ISO_8859_1));
        return MessageDigest.isEqual(key.doFinal(), given);
    }

    private Identity identity(TokenClaims claims) {
        long now = nowMs.getAsLong();
        Long notBefore = claims.notBefore();
        boolean inTime = claims.expires() != null
                && claims.expires() * 1_000 > now
                && (notBefore == null || notBefore * 1_000 <= now);
        return inTime && claims.forUs() && OrderLine.isUserId(claims.subject())
                ? new Identity(claims.subject(), "admin".equals(claims.role()), claims.expires() * 1_000)
                : null;
    }

    private static byte[] base64(String text, int from, int to) {
        return BASE64.decode(text.substring(from, to));
    }

    private static Mac hmac(byte[] secret) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }
}
