package io.seckill.loadtest.micro;

import io.seckill.gateway.http.BearerToken;
import io.seckill.gateway.http.Identity;
import io.seckill.gateway.identity.IssuerKey;
import io.seckill.gateway.identity.IssuerKeys;
import io.seckill.gateway.identity.SigningAlgorithm;
import io.seckill.gateway.identity.VerifiedTokens;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * An identity provider's token, of a kilobyte or so: its signature, which a worker thread verifies once, and finding it again
 * among those that were good, as the event loop does each time. Microseconds a token.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SignatureBenchmark {
    private static final int TOKENS = 1_024;

    /** RSA of 2,048 bits, P-256, Ed25519. */
    @Param({"RS256", "ES256", "EDDSA"})
    public SigningAlgorithm algorithm;

    private final String[] tokens = new String[TOKENS];
    private final IssuerKeys keys = new IssuerKeys();
    private final VerifiedTokens verified = new VerifiedTokens(keys, 2 * TOKENS);
    private IssuerKey key;
    private int next;

    @Setup
    public void prepare() throws GeneralSecurityException {
        KeyPair pair =
                switch (algorithm) {
                    case RS256 -> pair("RSA", 2_048);
                    case ES256 -> pair("EC", 256);
                    case EDDSA -> pair("Ed25519", 255);
                };
        key = new IssuerKey("bench", algorithm, pair.getPublic());
        keys.replace(Map.of(key.kid(), key));
        for (int i = 0; i < TOKENS; i++) {
            tokens[i] = "Bearer " + sign("e30." + base64(claims(i)), pair.getPrivate());
            verified.add(BearerToken.of(tokens[i]).digest(), key, new Identity("user-" + i, false, Long.MAX_VALUE));
        }
        if (!signature() || find() == null) {
            throw new IllegalStateException("a good token is refused");
        }
    }

    @Benchmark
    public boolean signature() throws GeneralSecurityException {
        BearerToken token = BearerToken.of(next());
        return key.isSigned(token.signed(), token.signatureBytes());
    }

    @Benchmark
    public Identity find() {
        return verified.find(BearerToken.of(next()).digest(), System.currentTimeMillis());
    }

    private String next() {
        next = (next + 1) % TOKENS;
        return tokens[next];
    }

    private static byte[] claims(int number) {
        return ("user-" + number + "x".repeat(500)).getBytes(StandardCharsets.US_ASCII);
    }

    private static KeyPair pair(String kind, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private String sign(String text, PrivateKey secret) throws GeneralSecurityException {
        Signature signer = algorithm.signature();
        signer.initSign(secret);
        signer.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + base64(signer.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
