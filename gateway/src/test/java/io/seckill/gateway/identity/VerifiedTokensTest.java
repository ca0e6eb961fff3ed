package io.seckill.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.http.Identity;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
    private static final IssuerKey KEY = new IssuerKey("k", SigningAlgorithm.ES256, null);

    private final IssuerKeys keys = new IssuerKeys();
    private final VerifiedTokens tokens = new VerifiedTokens(keys, 100);

    @BeforeEach
    void know() {
        keys.replace(Map.of("k", KEY));
    }

    @Test
    void shouldStayWithinItsBoundAndKeepTheNewest() {
        for (int i = 0; i < 10_000; i++) {
            tokens.add("t" + i, KEY, new Identity("u" + i, false, 1_000));
            assertTrue(tokens.size() <= 100);
        }
        for (int i = 10_000 - 50; i < 10_000; i++) {
            assertEquals("u" + i, tokens.find("t" + i, 0).userId());
        }
        assertNull(tokens.find("t0", 0));
    }

    @Test
    void shouldFindNothingPastItsTimeOrOfAWithdrawnKey() {
        tokens.add("t", KEY, new Identity("ann", false, 1_000));

        assertEquals("ann", tokens.find("t", 999).userId());
        assertNull(tokens.find("t", 1_000));
        keys.replace(Map.of("k", new IssuerKey("k", SigningAlgorithm.RS256, null)));
        assertNull(tokens.find("t", 999));
        keys.replace(Map.of("other", KEY));
        assertNull(tokens.find("t", 999));
    }
}
