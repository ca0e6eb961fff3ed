package io.seckill.gateway.http;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The keys that sign shoppers' and operators' tokens: HS256, each with an id, so that they can be rotated. Never prints a
 * secret.
 *
 * @param secrets key id to secret of at least 32 bytes
 */
public record JwtKeys(Map<String, byte[]> secrets) {
    public static final String FORM = "KID:SECRET[,KID:SECRET...], each secret at least 32 bytes in base64url";

    /** The id of a key that a local stack made for itself: what it signs is worth nothing anywhere else. */
    public static final String LOCAL = "local";

    private static final int MIN_SECRET_BYTES = 32;

    public JwtKeys {
        secrets = Map.copyOf(secrets);
    }

    public static boolean isValid(String text) {
        return !parse(text).secrets.isEmpty();
    }

    /** No keys at all if anything is wrong with the text. */
    public static JwtKeys parse(String text) {
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int colon = pair.indexOf(':');
            byte[] secret = colon > 0 ? decode(pair.substring(colon + 1).trim()) : new byte[0];
            if (secret.length < MIN_SECRET_BYTES
                    || secrets.put(pair.substring(0, colon).trim(), secret) != null) {
                return new JwtKeys(Map.of());
            }
        }
        return new JwtKeys(secrets);
    }

    /** Whether there is none but a local stack's. */
    public boolean areLocal() {
        return secrets.keySet().stream().allMatch(LOCAL::equals);
    }

    private static byte[] decode(String base64url) {
        try {
            return Base64.getUrlDecoder().decode(base64url);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JwtKeys keys
                && keys.secrets.keySet().equals(secrets.keySet())
                && secrets.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), keys.secrets.get(e.getKey())));
    }

    @Override
    public int hashCode() {
        return secrets.keySet().hashCode();
    }

    @Override
    public String toString() {
        return new TreeSet<>(secrets.keySet()).toString();
    }
}
