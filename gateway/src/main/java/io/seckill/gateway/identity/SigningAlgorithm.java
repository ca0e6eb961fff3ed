package io.seckill.gateway.identity;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/** The signatures of an identity provider that are believed (RFC 7518 3.3 and 3.4, RFC 8037), by Java's name of each. */
public enum SigningAlgorithm {
    RS256("RS256", "SHA256withRSA"),
    ES256("ES256", "SHA256withECDSAinP1363Format"),
    EDDSA("EdDSA", "Ed25519");

    private final String jwa;
    private final String java;

    SigningAlgorithm(String jwa, String java) {
        this.jwa = jwa;
        this.java = java;
    }

    /** The name in a token's {@code alg}, whose case counts. */
    String jwa() {
        return jwa;
    }

    /** Java's, to sign or to verify. */
    public Signature signature() throws GeneralSecurityException {
        return Signature.getInstance(java);
    }

    /** Whether a signature is good; tens to a thousand microseconds, so not on an event loop. Any thread. */
    boolean isGood(PublicKey key, byte[] signed, byte[] signature) throws GeneralSecurityException {
        Signature verifier = signature();
        verifier.initVerify(key);
        verifier.update(signed);
        try {
            return verifier.verify(signature);
        } catch (SignatureException e) {
            // A stranger's bytes that have not even the form of a signature.
            return false;
        }
    }
}
