package io.seckill.gateway.identity;

import io.seckill.gateway.http.BearerToken;
import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.http.TokenClaims;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies tokens that the identity provider signed (RFC 7519, 7515). A signature that was not seen before is verified on a
 * worker thread; how many wait for one is bounded. One instance per event loop.
 */
final class IssuerTokens {
    /** Of one event loop, for a signature or for the provider's answer: tenths of a second with the slowest algorithm. */
    static final int MAX_WAITING = 512;

    private static final Logger LOG = LoggerFactory.getLogger(IssuerTokens.class);

    private final IdentityProvider provider;
    private final IdentityConfig config;
    private final WorkerExecutor signatures;
    private final LongSupplier nowMs;

    // By digest: who presses again while her signature is verified waits for the same.
    private final Map<String, Future<Verdict>> underWay = new HashMap<>();
    private int waiting;
    private long verified;
    private long refused;

    /** What became of a token: an identity, or else why there is none. */
    record Verdict(Identity identity, Problem problem) {
        static final Verdict NOT_GOOD = new Verdict(null, Problem.UNAUTHENTICATED);
        /** Not known yet, but not for the token's fault. */
        static final Verdict NOT_NOW = new Verdict(null, Problem.OVERLOADED);

        static Verdict of(Identity identity) {
            return identity == null ? NOT_GOOD : new Verdict(identity, null);
        }
    }

    /** A token that could be good, and the digest of all its bytes. */
    private record Candidate(BearerToken token, String algorithm, String kid, String digest) {}

    /**
     * @param signatures where signatures are verified
     * @param nowMs the servers' common clock
     */
    IssuerTokens(IdentityProvider provider, IdentityConfig config, WorkerExecutor signatures, LongSupplier nowMs) {
        this.provider = provider;
        this.config = config;
        this.signatures = signatures;
        this.nowMs = nowMs;
    }

    int waiting() {
        return waiting;
    }

    long verified() {
        return verified;
    }

    long refused() {
        return refused;
    }

    /**
     * Completes on the event loop, at once if nothing is to be waited for; never fails.
     *
     * @param authorization value of the Authorization header, may be null
     */
    Future<Verdict> verify(String authorization) {
        BearerToken token = BearerToken.of(authorization);
        if (token == null) {
            return Future.succeededFuture(Verdict.NOT_GOOD);
        }
        String digest = token.digest();
        Identity known = provider.verified().find(digest, nowMs.getAsLong());
        if (known != null) {
            return Future.succeededFuture(Verdict.of(known));
        }
        Candidate candidate = candidate(token, digest);
        return candidate == null ? Future.succeededFuture(Verdict.NOT_GOOD) : verify(candidate);
    }

    private Future<Verdict> verify(Candidate candidate) {
        IssuerKey key = provider.keys().find(candidate.kid);
        if (key != null) {
            return verify(candidate, key);
        } else if (!provider.watch().isWorthLooking()) {
            return Future.succeededFuture(noKey());
        } else if (!hasRoom()) {
            return Future.succeededFuture(Verdict.NOT_NOW);
        }
        return provider.watch().lookAgain().eventually(this::leave).compose(looked -> {
            IssuerKey heard = provider.keys().find(candidate.kid);
            return heard == null ? Future.succeededFuture(noKey()) : verify(candidate, heard);
        });
    }

    private Future<Verdict> verify(Candidate candidate, IssuerKey key) {
        if (!key.algorithm().jwa().equals(candidate.algorithm)) {
            return Future.succeededFuture(Verdict.NOT_GOOD);
        }
        // What is wrong without a look at the signature is not worth one.
        Identity claimed = claimed(candidate.token);
        if (claimed == null) {
            return Future.succeededFuture(Verdict.NOT_GOOD);
        }
        Future<Verdict> same = underWay.get(candidate.digest);
        if (same != null) {
            return same;
        } else if (!hasRoom()) {
            return Future.succeededFuture(Verdict.NOT_NOW);
        }
        Future<Verdict> verdict = signature(candidate, key, claimed);
        underWay.put(candidate.digest, verdict);
        return verdict.onComplete(done -> {
            waiting--;
            underWay.remove(candidate.digest);
        });
    }

    private Future<Verdict> signature(Candidate candidate, IssuerKey key, Identity claimed) {
        return signatures
                .executeBlocking(() -> isSigned(candidate.token, key), false)
                .map(isGood -> {
                    verified++;
                    if (isGood) {
                        provider.verified().add(candidate.digest, key, claimed);
                    }
                    return isGood ? Verdict.of(claimed) : Verdict.NOT_GOOD;
                })
                .otherwise(failure -> {
                    LOG.debug("key {} cannot be used", key.kid(), failure);
                    return Verdict.NOT_NOW;
                });
    }

    private Verdict noKey() {
        return provider.keys().areKnown() ? Verdict.NOT_GOOD : Verdict.NOT_NOW;
    }

    private boolean hasRoom() {
        if (waiting >= MAX_WAITING) {
            refused++;
            return false;
        }
        waiting++;
        return true;
    }

    private Future<Void> leave() {
        waiting--;
        return Future.succeededFuture();
    }

    private static boolean isSigned(BearerToken token, IssuerKey key) throws GeneralSecurityException {
        try {
            return key.isSigned(token.signed(), token.signatureBytes());
        } catch (IllegalArgumentException e) {
            // No base64.
            return false;
        }
    }

    private static Candidate candidate(BearerToken token, String digest) {
        try {
            JsonObject header = new JsonObject(Buffer.buffer(BearerToken.decode(token.header())));
            // What is critical and not known here would change what the token means.
            return !header.containsKey("crit")
                            && header.getValue("alg") instanceof String algorithm
                            && header.getValue("kid") instanceof String kid
                    ? new Candidate(token, algorithm, kid, digest)
                    : null;
        } catch (RuntimeException e) {
            // Whatever is wrong with a stranger's text, it is no token.
            return null;
        }
    }

    private Identity claimed(BearerToken token) {
        try {
            TokenClaims claims = TokenClaims.read(token.claimsBytes(), config.rules());
            return config.issuer().equals(claims.issuer()) ? claims.identity(nowMs.getAsLong()) : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }
}
