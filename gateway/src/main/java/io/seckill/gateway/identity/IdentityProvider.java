package io.seckill.gateway.identity;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** What a process knows of the provider that signs with keys of its own: the keys, and the tokens that were good. */
public final class IdentityProvider {
    private final IssuerKeys keys = new IssuerKeys();
    private final VerifiedTokens verified = new VerifiedTokens(keys, VerifiedTokens.MAX_TOKENS);
    private final JwksWatch watch;

    public IdentityProvider(IdentityConfig config, MeterRegistry registry) {
        this(config, JwksWatch.MIN_GAP_MS, registry);
    }

    IdentityProvider(IdentityConfig config, int minGapMs, MeterRegistry registry) {
        this.watch = new JwksWatch(config, keys, minGapMs, registry);
    }

    /** Begins to ask for the keys; completes at once. */
    public Future<String> deploy(Vertx vertx) {
        return vertx.deployVerticle(watch);
    }

    /** False until the provider was heard for the first time, true from then on. */
    public boolean isKnown() {
        return keys.areKnown();
    }

    IssuerKeys keys() {
        return keys;
    }

    VerifiedTokens verified() {
        return verified;
    }

    JwksWatch watch() {
        return watch;
    }
}
