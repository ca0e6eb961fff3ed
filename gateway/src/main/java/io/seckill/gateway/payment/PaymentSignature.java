package io.seckill.gateway.payment;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How the payment provider and the gateways sign what they send each other: {@code Payment-Signature: t=<unix
 * seconds>,v1=<hex>}, an HMAC-SHA256 over the timestamp, a dot and the raw body. Several secrets, and several {@code v1}, let
 * a secret be changed without a gap. Never prints a secret. Safe on any thread.
 */
public final class PaymentSignature {
    public static final String HEADER = "Payment-Signature";
    public static final String FORM = "SECRET[,SECRET...], each at least 32 bytes in base64url";
    /** Older and newer timestamps are refused, so that a recorded call cannot be played again later. */
    public static final int TOLERANCE_S = 300;

    private static final int MIN_SECRET_BYTES = 32;
    private static final int MAX_HEADER_LENGTH = 1_024;
    private static final String ALGORITHM = "HmacSHA256";

    private final List<SecretKeySpec> secrets;

    private PaymentSignature(List<SecretKeySpec> secrets) {
        this.secrets = secrets;
    }

    public static boolean isValid(String text) {
        return !parse(text).secrets.isEmpty();
    }

    /** No secret at all if anything is wrong with the text. The first one signs, each of them verifies. */
    public static PaymentSignature parse(String text) {
        List<SecretKeySpec> secrets = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            byte[] secret = decode(part.trim());
            if (secret.length < MIN_SECRET_BYTES) {
                return new PaymentSignature(List.of());
            }
            secrets.add(new SecretKeySpec(secret, ALGORITHM));
        }
        return new PaymentSignature(secrets);
    }

    /** The header's value for a body that is sent now. */
    public String sign(long nowMs, Buffer body) {
        String timestamp = Long.toString(nowMs / 1_000);
        return "t=" + timestamp + ",v1=" + HexFormat.of().formatHex(hmac(secrets.get(0), timestamp, body));
    }

    /** @param header may be null */
    public boolean isGood(String header, Buffer body, long nowMs) {
        if (header == null || header.length() > MAX_HEADER_LENGTH) {
            return false;
        }
        String timestamp = null;
        List<byte[]> signatures = new ArrayList<>();
        for (String part : header.split(",", -1)) {
            if (part.startsWith("t=") && timestamp == null) {
                timestamp = part.substring(2);
            } else if (part.startsWith("v1=")) {
                signatures.add(part.substring(3).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return timestamp != null && isNow(timestamp, nowMs) && matches(timestamp, signatures, body);
    }

    private static boolean isNow(String timestamp, long nowMs) {
        return timestamp.matches("[0-9]{1,12}")
                && Math.abs(Long.parseLong(timestamp) * 1_000 - nowMs) <= TOLERANCE_S * 1_000L;
    }

    // Every pair is compared, each in constant time, so that the time taken tells nothing.
    private boolean matches(String timestamp, List<byte[]> signatures, Buffer body) {
        boolean match = false;
        for (SecretKeySpec secret : secrets) {
            byte[] expected =
                    HexFormat.of().formatHex(hmac(secret, timestamp, body)).getBytes(StandardCharsets.US_ASCII);
            for (byte[] signature : signatures) {
                match |= MessageDigest.isEqual(expected, signature);
            }
        }
        return match;
    }

    private static byte[] hmac(SecretKeySpec secret, String timestamp, Buffer body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update((timestamp + '.').getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(body.getBytes());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static byte[] decode(String base64url) {
        try {
            return Base64.getUrlDecoder().decode(base64url);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    @Override
    public String toString() {
        return secrets.size() + " secret(s)";
    }
}
