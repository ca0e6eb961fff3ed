package io.seckill.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.http.Identity;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
    private static final IssuerKey KEY = new IssuerKey("k", SigningAlgorithm.ES256, null);

    private final VerifiedTokens tokens = new VerifiedTokens(100);

    @Test
    void shouldStayWithinItsBoundAndKeepTheNewest() {
        for (int i = 0; i < 10_000; i++) {
            tokens.add("t" + i, KEY, new Identity("u" + i, false, 1_000));
            assertTrue(tokens.size() <= 100);
        }
        for (int i = 10_000 - 50; i < 10_000; i++) {
            assertEquals("u" + i, tokens.find("t" + i, KEY, 0).userId());
        }
        assertNull(tokens.find("t0", KEY, 0));
    }

    @Test
    void shouldFindNothingPastItsTimeOrOfAnotherKey() {
        tokens.add("t", KEY, new Identity("ann", false, 1_000));

        assertEquals("ann", tokens.find("t", KEY, 999).userId());
        assertNull(tokens.find("t", KEY, 1_000));
        assertNull(tokens.find("t", new IssuerKey("k", SigningAlgorithm.ES256, null), 999));
    }
}
