package io.seckill.gateway.identity;

import io.seckill.gateway.http.JwtKeys;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Signs shoppers' tokens with a local stack's key: an hour long, and never an operator's. */
final class DemoTokens {
    private static final long VALID_S = TimeUnit.HOURS.toSeconds(1);
    private static final String ALGORITHM = "HS256";

    private final JWTAuth signer;
    private final String audience;
    private final LongSupplier nowMs;

    /** @param nowMs the servers' common clock, by which tokens are verified */
    DemoTokens(Vertx vertx, IdentityConfig config, LongSupplier nowMs) {
        this.signer = JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .addPubSecKey(new PubSecKeyOptions()
                                .setAlgorithm(ALGORITHM)
                                .setId(JwtKeys.LOCAL)
                                .setBuffer(
                                        Buffer.buffer(config.jwtKeys().secrets().get(JwtKeys.LOCAL)))));
        this.audience = config.rules().audience();
        this.nowMs = nowMs;
    }

    String sign(String userId) {
        long now = TimeUnit.MILLISECONDS.toSeconds(nowMs.getAsLong());
        JsonObject claims = new JsonObject()
                .put("sub", userId)
                .put("aud", audience)
                .put("iat", now)
                .put("exp", now + VALID_S);
        return signer.generateToken(
                claims, new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true));
    }
}
