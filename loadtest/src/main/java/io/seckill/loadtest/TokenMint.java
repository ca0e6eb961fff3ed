package io.seckill.loadtest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/**
 * Signs bearer tokens as the identity provider of a stack would: for simulated buyers, for the auditor's look at the
 * management listener, and for people at the local stack. Safe for use by several threads. The tokens are spent by
 * {@link Rush}.
 */
public final class TokenMint {

    private final JWTAuth signer;
    private final String audience;
    private final JWTOptions signing = new JWTOptions().setAlgorithm("HS256");

    private TokenMint(JWTAuth signer, String audience) {
        this.signer = signer;
        this.audience = audience;
    }

    /**
     * A mint for one set of keys.
     *
     * @param jwtKeys {@code kid:secret,kid2:secret2}, secrets in base64url; the first signs, the others are only checked
     * @param audience the {@code aud} of every token
     * @throws IllegalArgumentException if a key is malformed; the message names its position, never the secret
     */
    public static TokenMint of(String jwtKeys, String audience) {
        if (audience == null || audience.isBlank()) {
            throw new IllegalArgumentException("the token audience is missing");
        }
        if (jwtKeys == null || jwtKeys.isBlank()) {
            throw new IllegalArgumentException("the token keys are missing, expected kid:base64url-secret[,...]");
        }
        String[] entries = jwtKeys.split(",", -1);
        Set<String> kids = new HashSet<>();
        PubSecKeyOptions first = null;
        for (int i = 0; i < entries.length; i++) {
            PubSecKeyOptions key = key(entries[i].trim(), i + 1);
            if (!kids.add(key.getId())) {
                throw new IllegalArgumentException("token key " + (i + 1) + ": kid '" + key.getId() + "' occurs twice");
            }
            first = first == null ? key : first;
        }
        // The signer gets one key only: with several it would pick one at random. It needs no Vertx, which it uses only
        // to read key stores from disk.
        return new TokenMint(JWTAuth.create(null, new JWTAuthOptions().addPubSecKey(first)), audience);
    }

    private static PubSecKeyOptions key(String entry, int position) {
        int colon = entry.indexOf(':');
        if (colon < 1 || colon == entry.length() - 1) {
            throw new IllegalArgumentException(
                    "token key " + position + " is malformed, expected kid:base64url-secret");
        }
        byte[] secret;
        try {
            secret = Base64.getUrlDecoder().decode(entry.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            // Not chained: the decoder's message quotes characters of the secret.
            throw new IllegalArgumentException("token key " + position + ": the secret is not base64url");
        }
        return new PubSecKeyOptions()
                .setAlgorithm("HS256")
                .setId(entry.substring(0, colon))
                .setBuffer(Buffer.buffer(secret));
    }

    /**
     * A signed token, without the word {@code Bearer}.
     *
     * @param user the {@code sub}
     * @param roleOrNull the {@code role}, for instance {@code admin}
     * @param ttl from now to {@code exp}; zero or negative makes a token that has expired already
     */
    public String mint(String user, String roleOrNull, Duration ttl) {
        long now = System.currentTimeMillis() / 1000;
        JsonObject claims = new JsonObject()
                .put("sub", user)
                .put("aud", audience)
                .put("iat", now)
                .put("exp", now + ttl.toSeconds());
        if (roleOrNull != null) {
            claims.put("role", roleOrNull);
        }
        return signer.generateToken(claims, signing);
    }
}
