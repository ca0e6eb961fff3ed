package io.seckill.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * The three parts of a signed token in an Authorization header (RFC 6750, 7515), still encoded. Nothing of it is to be
 * believed until a signature was good for it.
 *
 * @param authorization the header's value
 * @param claims where they begin in it
 * @param signature likewise
 */
public record BearerToken(String authorization, int claims, int signature) {
    private static final String BEARER = "Bearer ";
    private static final int MAX_LENGTH = 4_096;
    private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();

    /** Null if there is no token, or it has not three parts, or is too long. */
    public static BearerToken of(String authorization) {
        if (authorization == null
                || authorization.length() > MAX_LENGTH
                || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        int claims = authorization.indexOf('.', BEARER.length()) + 1;
        int signature = authorization.indexOf('.', claims) + 1;
        return claims == 0 || signature == 0 || authorization.indexOf('.', signature) >= 0
                ? null
                : new BearerToken(authorization, claims, signature);
    }

    /** Decoded by {@link #decode}. */
    public String header() {
        return authorization.substring(BEARER.length(), claims - 1);
    }

    /** @throws IllegalArgumentException if it is not base64url, as {@link #signatureBytes} and {@link #decode} do */
    public byte[] claimsBytes() {
        return decode(authorization.substring(claims, signature - 1));
    }

    public byte[] signatureBytes() {
        return decode(authorization.substring(signature));
    }

    public static byte[] decode(String base64url) {
        return BASE64.decode(base64url);
    }

    /** What the signature is to be good for: all before it, but for the dot. */
    public byte[] signed() {
        // A character that is not Latin-1 becomes a question mark, which no base64 has: then the claims are unreadable.
        return authorization.substring(BEARER.length(), signature - 1).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The SHA-256 of the token alone, each byte as it came: 32 bytes as Latin-1. */
    public String digest() {
        try {
            byte[] bytes = authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8);
            return new String(MessageDigest.getInstance("SHA-256").digest(bytes), StandardCharsets.ISO_8859_1);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
