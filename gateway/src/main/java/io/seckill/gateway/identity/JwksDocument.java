package io.seckill.gateway.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads an identity provider's keys (RFC 7517). Keys for other uses or algorithms are passed over. */
final class JwksDocument {
    private static final int MAX_KEYS = 64;
    private static final int MIN_RSA_BITS = 2_048;
    /** Verifying takes time with the square of it. */
    private static final int MAX_RSA_BITS = 4_096;

    private static final int ED25519_BYTES = 32;

    private JwksDocument() {}

    /**
     * @return by {@code kid}, at least one
     * @throws IllegalArgumentException that says what is wrong, if it is none, or has no key for tokens, or two of one id
     */
    static Map<String, IssuerKey> read(String json) {
        try {
            Map<String, Object> document = JSONObjectUtils.parse(json);
            if (document == null) {
                throw new IllegalArgumentException("no set of keys: null");
            }
            Map<String, IssuerKey> keys = new LinkedHashMap<>();
            for (JWK jwk : JWKSet.parse(document).getKeys()) {
                IssuerKey key = isForTokens(jwk) ? key(jwk) : null;
                if (key != null && keys.put(key.kid(), key) != null) {
                    throw new IllegalArgumentException("two keys have the id " + key.kid());
                }
            }
            if (keys.isEmpty() || keys.size() > MAX_KEYS) {
                throw new IllegalArgumentException(keys.size() + " keys for tokens, expected 1 to " + MAX_KEYS);
            }
            return keys;
        } catch (ParseException | JOSEException | GeneralSecurityException e) {
            throw new IllegalArgumentException("no set of keys: " + e.getMessage(), e);
        }
    }

    private static boolean isForTokens(JWK jwk) {
        return jwk.getKeyID() != null
                && (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
                && (jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
    }

    /** Null for kinds that are not believed: symmetric keys, other curves, RSA too short or too long. */
    private static IssuerKey key(JWK jwk) throws JOSEException, GeneralSecurityException {
        if (jwk instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS && rsa.size() <= MAX_RSA_BITS) {
            return key(jwk, SigningAlgorithm.RS256, rsa.toRSAPublicKey());
        } else if (jwk instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)) {
            return key(jwk, SigningAlgorithm.ES256, ec.toECPublicKey());
        } else if (jwk instanceof OctetKeyPair ed && ed.getCurve().equals(Curve.Ed25519)) {
            return key(jwk, SigningAlgorithm.EDDSA, ed25519(ed.getDecodedX()));
        }
        return null;
    }

    /** Null if the issuer says that it signs otherwise with it. */
    private static IssuerKey key(JWK jwk, SigningAlgorithm algorithm, PublicKey key) {
        boolean same =
                jwk.getAlgorithm() == null || jwk.getAlgorithm().getName().equals(algorithm.jwa());
        return same ? new IssuerKey(jwk.getKeyID(), algorithm, key) : null;
    }

    // RFC 8032 5.1.5: y with the least byte first; the highest bit says whether x is odd.
    private static PublicKey ed25519(byte[] encoded) throws GeneralSecurityException {
        if (encoded.length != ED25519_BYTES) {
            throw new IllegalArgumentException("a key for Ed25519 has " + ED25519_BYTES + " bytes");
        }
        byte[] y = new byte[ED25519_BYTES];
        for (int i = 0; i < ED25519_BYTES; i++) {
            y[i] = encoded[ED25519_BYTES - 1 - i];
        }
        boolean oddX = y[0] < 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(oddX, new BigInteger(1, y))));
    }
}
