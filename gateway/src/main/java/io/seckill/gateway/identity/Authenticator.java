package io.seckill.gateway.identity;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.Problem;
import io.seckill.gateway.http.TokenVerifier;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Who sends a request: asked by everything that serves a user. Tokens of a shared secret are verified on the spot by
 * {@link TokenVerifier}, those of an identity provider, if there is one, by {@link IssuerTokens}. One per event loop.
 */
public final class Authenticator {
    private static final String WORKERS = "token-signatures";

    private final TokenVerifier secrets;
    private final IssuerTokens issued;

    /**
     * @param provider null if there is none
     * @param nowMs the servers' common clock
     * @param loop whose this is, for the metrics
     */
    public Authenticator(
            Vertx vertx,
            IdentityConfig config,
            IdentityProvider provider,
            LongSupplier nowMs,
            MeterRegistry registry,
            String loop) {
        this.secrets = new TokenVerifier(config.jwtKeys(), config.rules(), nowMs);
        if (provider == null) {
            this.issued = null;
        } else {
            // Half of the cores are left to the event loops.
            int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            this.issued = new IssuerTokens(provider, config, vertx.createSharedWorkerExecutor(WORKERS, threads), nowMs);
            bindTo(registry, loop);
        }
    }

    /** Tokens whose verification is not done. */
    public int waiting() {
        return issued == null ? 0 : issued.waiting();
    }

    /**
     * Calls exactly one of the two on the request's event loop, at once or later; neither if the client leaves meanwhile.
     * The request's body is not lost if it is later.
     */
    public void identify(HttpServerRequest request, Consumer<Identity> known, Consumer<Problem> unknown) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        Identity user = secrets.verify(authorization);
        if (user != null) {
            known.accept(user);
        } else if (issued == null) {
            unknown.accept(Problem.UNAUTHENTICATED);
        } else {
            request.pause();
            issued.verify(authorization).onSuccess(verdict -> {
                if (verdict.identity() != null) {
                    tell(request, known, verdict.identity());
                } else {
                    tell(request, unknown, verdict.problem());
                }
            });
        }
    }

    // Resumed when whoever is told has had the opportunity to ask for the body.
    private static <T> void tell(HttpServerRequest request, Consumer<T> told, T what) {
        if (!request.response().closed()) {
            told.accept(what);
            request.resume();
        }
    }

    private void bindTo(MeterRegistry registry, String loop) {
        Gauge.builder("seckill.gateway.tokens.waiting", issued, IssuerTokens::waiting)
                .description("Tokens of the identity provider whose verification is not done")
                .tag("loop", loop)
                .register(registry);
        Gauge.builder("seckill.gateway.tokens.waiting.limit", () -> IssuerTokens.MAX_WAITING)
                .description("Most tokens whose verification is not done; one more is refused with 503")
                .tag("loop", loop)
                .register(registry);
        FunctionCounter.builder("seckill.gateway.tokens.refused", issued, IssuerTokens::refused)
                .description("Tokens refused with 503 because too many waited")
                .tag("loop", loop)
                .register(registry);
        FunctionCounter.builder("seckill.gateway.signatures.verified", issued, IssuerTokens::verified)
                .description("Signatures that were verified; other tokens were known")
                .tag("loop", loop)
                .register(registry);
    }
}
