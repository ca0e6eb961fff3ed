package io.seckill.gateway.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the identity provider's keys up to date: asks for them at the start, every few minutes, and when a token names one
 * that is not known, but never more often than a bound, whatever strangers send. While the provider is away, or answers with
 * anything but keys, the last good ones stay. One per process, on an event loop that serves no shoppers.
 */
public final class JwksWatch extends VerticleBase {
    /** Between two questions, at least. */
    static final int MIN_GAP_MS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(JwksWatch.class);

    private final IdentityConfig config;
    private final IssuerKeys keys;
    private final int minGapMs;
    private final MeterRegistry registry;

    private JwksFetch fetch;
    private Counter good;
    private Counter bad;
    private Future<Void> underWay;
    private boolean failing;
    private boolean stopped;
    private long timer;
    private volatile boolean asking;
    private volatile long askedNanos;
    private volatile long heardNanos = System.nanoTime();

    JwksWatch(IdentityConfig config, IssuerKeys keys, int minGapMs, MeterRegistry registry) {
        this.config = config;
        this.keys = keys;
        this.minGapMs = minGapMs;
        this.registry = registry;
        this.askedNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(minGapMs);
    }

    /** Does not wait for the provider: until it was heard nobody whom it vouches for is known. */
    @Override
    public Future<?> start() {
        fetch = new JwksFetch(vertx, config.jwksUrl(), config.jwksCaFile());
        good = fetches("good");
        bad = fetches("failed");
        Gauge.builder("seckill.gateway.jwks.age.seconds", () -> TimeUnit.NANOSECONDS.toSeconds(nanosSince(heardNanos)))
                .description("Since the identity provider's keys were heard, or since the start")
                .register(registry);
        ask();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return fetch.close();
    }

    /** Whether a key that is not known might be known after {@link #lookAgain}. Any thread. */
    boolean isWorthLooking() {
        return asking || isDue();
    }

    /** Completes on the caller's event loop when the provider was asked, or not, as it may be asked only now and then. */
    Future<Void> lookAgain() {
        Context caller = vertx.getOrCreateContext();
        Promise<Void> looked = Promise.promise();
        context.runOnContext(v -> askIfDue().onComplete(done -> caller.runOnContext(w -> looked.complete())));
        return looked.future();
    }

    private Future<Void> askIfDue() {
        if (!asking && isDue()) {
            ask();
        }
        return asking ? underWay : Future.succeededFuture();
    }

    private boolean isDue() {
        return nanosSince(askedNanos) >= TimeUnit.MILLISECONDS.toNanos(minGapMs);
    }

    private void ask() {
        vertx.cancelTimer(timer);
        asking = true;
        askedNanos = System.nanoTime();
        underWay = fetch.fetch().map(this::heard).otherwise(this::notHeard);
        underWay.onComplete(asked -> {
            asking = false;
            if (!stopped) {
                timer = vertx.setTimer(failing ? minGapMs : config.jwksRefreshMs(), id -> ask());
            }
        });
    }

    private Void heard(Map<String, IssuerKey> heard) {
        good.increment();
        heardNanos = System.nanoTime();
        if (keys.replace(heard)) {
            LOG.info("keys of {} are {}", config.issuer(), keys);
        } else if (failing) {
            LOG.info("keys of {} are heard again", config.issuer());
        }
        failing = false;
        return null;
    }

    private Void notHeard(Throwable cause) {
        bad.increment();
        if (!failing) {
            LOG.warn(
                    "no keys from {}: {}; {}, asking again",
                    config.jwksUrl(),
                    cause.getMessage(),
                    keys.areKnown() ? "those known stay" : "whoever has a token of this issuer must wait");
        }
        failing = true;
        return null;
    }

    private Counter fetches(String outcome) {
        return Counter.builder("seckill.gateway.jwks.fetches")
                .description("Questions to the identity provider for its keys")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static long nanosSince(long nanos) {
        return System.nanoTime() - nanos;
    }
}
