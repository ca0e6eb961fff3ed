package io.seckill.gateway.identity;

import java.security.GeneralSecurityException;
import java.security.PublicKey;

/**
 * A key of the identity provider. It verifies by its own algorithm, whatever a token asks for.
 *
 * @param kid as tokens name it
 */
record IssuerKey(String kid, SigningAlgorithm algorithm, PublicKey key) {
    boolean isSigned(byte[] signed, byte[] signature) throws GeneralSecurityException {
        return algorithm.isGood(key, signed, signature);
    }
}
