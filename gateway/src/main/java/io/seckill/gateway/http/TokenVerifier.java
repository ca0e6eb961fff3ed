package io.seckill.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies bearer tokens that are signed with a shared secret (RFC 7519, 7515): HS256 and nothing else, a known {@code kid},
 * our audience, an {@code exp} to come. Each token is verified each time; none is remembered, since in a sale nearly all come
 * once. One instance per event loop.
 */
public final class TokenVerifier {
    private static final String HMAC = "HmacSHA256";
    /** Encoded headers that are remembered; one issuer writes one for each of its keys. */
    private static final int MAX_HEADERS = 64;

    private final Map<String, Mac> keys = new HashMap<>();
    // By an encoded header that a signature was good for.
    private final Map<String, Mac> headers = new HashMap<>();
    private final TokenRules rules;
    private final LongSupplier nowMs;

    /** @param nowMs the servers' common clock */
    public TokenVerifier(JwtKeys keys, TokenRules rules, LongSupplier nowMs) {
        keys.secrets().forEach((kid, secret) -> this.keys.put(kid, hmac(secret)));
        this.rules = rules;
        this.nowMs = nowMs;
    }

    /**
     * @param authorization value of the Authorization header, may be null
     * @return the identity, or null if there is no token or it is not good
     */
    public Identity verify(String authorization) {
        BearerToken token = keys.isEmpty() ? null : BearerToken.of(authorization);
        if (token == null) {
            return null;
        }
        try {
            String header = token.header();
            Mac key = key(header);
            if (key == null || !MessageDigest.isEqual(key.doFinal(token.signed()), token.signatureBytes())) {
                return null;
            }
            if (headers.size() < MAX_HEADERS) {
                headers.putIfAbsent(header, key);
            }
            return TokenClaims.read(token.claimsBytes(), rules).identity(nowMs.getAsLong());
        } catch (IOException | RuntimeException e) {
            // Whatever is wrong with a stranger's text, it is no token.
            return null;
        }
    }

    /** The key that a header names, null if it names none of ours or asks for anything but HS256 with it. */
    private Mac key(String header) {
        Mac known = headers.get(header);
        if (known != null) {
            return known;
        }
        JsonObject json = new JsonObject(Buffer.buffer(BearerToken.decode(header)));
        boolean plain = "HS256".equals(json.getValue("alg")) && !json.containsKey("crit");
        return plain && json.getValue("kid") instanceof String kid ? keys.get(kid) : null;
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
