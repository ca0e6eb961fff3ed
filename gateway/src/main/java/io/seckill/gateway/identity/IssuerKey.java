package io.seckill.gateway.identity;

import java.security.GeneralSecurityException;
import java.security.PublicKey;

/**
 * A key of the identity provider. It verifies by its own algorithm, whatever a token asks for.
 *
 * @param kid as tokens name it
 */
public record IssuerKey(String kid, SigningAlgorithm algorithm, PublicKey key) {
    /** Takes tens to a thousand microseconds, so not on an event loop. Any thread. */
    public boolean isSigned(byte[] signed, byte[] signature) throws GeneralSecurityException {
        return algorithm.isGood(key, signed, signature);
    }
}
