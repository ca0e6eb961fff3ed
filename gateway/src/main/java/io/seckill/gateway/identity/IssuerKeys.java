package io.seckill.gateway.identity;

import java.util.HashMap;
import java.util.Map;

/** The identity provider's keys as last heard. {@link JwksWatch} replaces them, every event loop reads them. */
public final class IssuerKeys {
    private volatile Map<String, IssuerKey> keys = Map.of();

    /** False only until they were heard for the first time. */
    boolean areKnown() {
        return !keys.isEmpty();
    }

    /** Null if there is none of this id. A key that did not change is the same object as before. */
    IssuerKey find(String kid) {
        return keys.get(kid);
    }

    /** @return whether anything is different now */
    public boolean replace(Map<String, IssuerKey> heard) {
        Map<String, IssuerKey> before = keys;
        if (heard.equals(before)) {
            return false;
        }
        Map<String, IssuerKey> now = new HashMap<>(heard);
        now.replaceAll((kid, key) -> key.equals(before.get(kid)) ? before.get(kid) : key);
        keys = Map.copyOf(now);
        return true;
    }

    @Override
    public String toString() {
        return keys.keySet().stream().sorted().toList().toString();
    }
}
