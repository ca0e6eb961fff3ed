package io.seckill.loadtest.micro;

import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.JwtKeys;
import io.seckill.gateway.http.TokenRules;
import io.seckill.gateway.http.TokenVerifier;
import io.seckill.loadtest.TokenMint;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Verifying a shopper's token; each of some thousand in turn, as none comes twice in a rush. Microseconds a token. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokenBenchmark {
    private static final int TOKENS = 4_096;
    private static final String AUDIENCE = "benchmark";

    private final String[] tokens = new String[TOKENS];
    private TokenVerifier verifier;
    private int next;

    @Setup
    public void prepare() {
        String keys = "bench:" + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        TokenMint mint = TokenMint.of(keys, AUDIENCE);
        for (int i = 0; i < TOKENS; i++) {
            tokens[i] = "Bearer " + mint.mint("user-" + i, null, Duration.ofHours(1));
        }
        verifier = new TokenVerifier(
                JwtKeys.parse(keys), new TokenRules(AUDIENCE, TokenRules.ROLE_CLAIM), System::currentTimeMillis);
        if (verifier.verify(tokens[0]) == null) {
            throw new IllegalStateException("a good token is refused");
        }
    }

    @Benchmark
    public Identity verify() {
        next = (next + 1) % TOKENS;
        return verifier.verify(tokens[next]);
    }
}
