package io.seckill.gateway.identity;

import io.seckill.gateway.http.Identity;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens whose signature was good, by the SHA-256 of all their bytes: a public key takes tens to a thousand times longer
 * than an HMAC, and a shopper who watches a sale comes with the same token again. Two generations: when the younger one is
 * full it becomes the older, and the older is forgotten. Safe for all event loops of a process.
 */
public final class VerifiedTokens {
    /** About 20 MB at most. */
    static final int MAX_TOKENS = 65_536;

    private final IssuerKeys keys;
    private final int maxTokens;
    private volatile Map<String, Verified> younger = new ConcurrentHashMap<>();
    private volatile Map<String, Verified> older = Map.of();

    private record Verified(Identity identity, IssuerKey key) {}

    /** @param keys what a withdrawn one verified counts no more */
    public VerifiedTokens(IssuerKeys keys, int maxTokens) {
        this.keys = keys;
        this.maxTokens = maxTokens;
    }

    /**
     * @param digest of the token
     * @return null if it is not known, or counts no more
     */
    public Identity find(String digest, long nowMs) {
        Verified verified = younger.get(digest);
        if (verified == null) {
            verified = older.get(digest);
        }
        boolean counts = verified != null
                && verified.identity.expiresMs() > nowMs
                && verified.key.equals(keys.find(verified.key.kid()));
        return counts ? verified.identity : null;
    }

    public void add(String digest, IssuerKey key, Identity identity) {
        if (younger.size() >= maxTokens / 2) {
            synchronized (this) {
                if (younger.size() >= maxTokens / 2) {
                    older = younger;
                    younger = new ConcurrentHashMap<>();
                }
            }
        }
        younger.put(digest, new Verified(identity, key));
    }

    int size() {
        return younger.size() + older.size();
    }
}
