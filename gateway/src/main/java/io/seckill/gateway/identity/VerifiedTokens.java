package io.seckill.gateway.identity;

import io.seckill.gateway.http.Identity;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens whose signature was good, by the SHA-256 of all their bytes: a public key takes tens to hundreds of times longer
 * than an HMAC, and a shopper who watches a sale comes with the same token again. Two generations: when the younger one is
 * full it becomes the older, and the older is forgotten. Safe for all event loops of a process.
 */
public final class VerifiedTokens {
    /** About 20 MB at most. */
    static final int MAX_TOKENS = 65_536;

    private final int maxTokens;
    private volatile Map<String, Verified> younger = new ConcurrentHashMap<>();
    private volatile Map<String, Verified> older = Map.of();

    private record Verified(Identity identity, IssuerKey key) {}

    public VerifiedTokens(int maxTokens) {
        this.maxTokens = maxTokens;
    }

    /**
     * @param digest of the token
     * @param key that the token names, as it is now: what a withdrawn one verified counts no more
     * @return null if it is not known, or its time is over
     */
    public Identity find(String digest, IssuerKey key, long nowMs) {
        Verified verified = younger.get(digest);
        if (verified == null) {
            verified = older.get(digest);
        }
        return verified != null && verified.key == key && verified.identity.expiresMs() > nowMs
                ? verified.identity
                : null;
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
