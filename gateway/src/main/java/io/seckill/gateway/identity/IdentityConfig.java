package io.seckill.gateway.identity;

import io.seckill.gateway.http.JwtKeys;
import io.seckill.gateway.http.TokenRules;
import io.seckill.schema.config.Settings;
import io.seckill.schema.config.TlsTrust;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * Whose tokens are believed. docs/identity.md tells how to choose.
 *
 * @param jwtKeys shared secrets; none if only the provider's tokens are believed
 * @param jwksUrl where the identity provider's keys are; empty if there is none
 * @param jwksCaFile PEM, who may have signed the provider's certificate; empty for those that Java believes
 * @param jwksRefreshMs how often the keys are asked for
 * @param issuer the {@code iss} that the provider's tokens must bear
 * @param demo whether anybody may sign in as anybody, at the local stack
 */
public record IdentityConfig(
        JwtKeys jwtKeys,
        String jwksUrl,
        String jwksCaFile,
        int jwksRefreshMs,
        String issuer,
        TokenRules rules,
        boolean demo) {
    private static final String KEYS = "SECKILL_JWT_KEYS";
    private static final String URL = "SECKILL_JWKS_URL";
    private static final String CA = "SECKILL_JWKS_CA";
    private static final String ISSUER = "SECKILL_JWT_ISSUER";
    private static final String DEMO = "SECKILL_DEMO_IDENTITY";
    private static final String LOOPBACK = "localhost|127\\.[0-9.]+|\\[?::1\\]?";
    /** Claims that have a meaning already. */
    private static final Set<String> OTHER_CLAIMS = Set.of("sub", "exp", "nbf", "iss", "aud");

    /** @param httpHost where shoppers are served */
    public static IdentityConfig read(Settings settings, String httpHost) {
        String url = settings.matching(
                URL, "", IdentityConfig::isJwksUrl, "https://…, or http:// and a loopback address, without a user");
        boolean alone = !url.isEmpty() && settings.text(KEYS, "").isEmpty();
        IdentityConfig config = new IdentityConfig(
                JwtKeys.parse(alone ? "" : settings.secret(KEYS, JwtKeys::isValid, JwtKeys.FORM)),
                url,
                settings.matching(CA, "", TlsTrust::isReadable, "a readable PEM file with certificates of CAs"),
                settings.integer("SECKILL_JWKS_REFRESH_MS", 300_000, JwksWatch.MIN_GAP_MS, 86_400_000),
                settings.text(ISSUER, ""),
                new TokenRules(
                        settings.text("SECKILL_JWT_AUDIENCE", "seckill"),
                        settings.matching(
                                "SECKILL_JWT_ROLE_CLAIM",
                                TokenRules.ROLE_CLAIM,
                                claim -> !OTHER_CLAIMS.contains(claim),
                                "the name of a claim of its own, not one of "
                                        + OTHER_CLAIMS.stream().sorted().toList())),
                settings.matching(DEMO, "false", demo -> demo.matches("true|false"), "true or false")
                        .equals("true"));
        config.checkProvider(settings);
        config.checkDemo(settings, httpHost);
        return config;
    }

    public boolean hasProvider() {
        return !jwksUrl.isEmpty();
    }

    private void checkProvider(Settings settings) {
        settings.relation(
                hasProvider() != issuer.isEmpty(),
                hasProvider()
                        ? ISSUER + " is not set, but " + URL + " is; expected the iss of its tokens"
                        : ISSUER + " is set, but " + URL + " is not: nothing would be held against it");
        settings.relation(
                jwksCaFile.isEmpty() || jwksUrl.startsWith("https:"),
                CA + " is set, but " + URL + " is no https:// address");
    }

    // Where anybody may be anybody, no token may be worth anything anywhere else.
    private void checkDemo(Settings settings, String httpHost) {
        if (demo) {
            settings.relation(
                    jwtKeys.areLocal(),
                    DEMO + "=true is for a local stack, but " + KEYS + " has keys of other ids than " + JwtKeys.LOCAL
                            + ": " + jwtKeys);
            settings.relation(!hasProvider(), DEMO + "=true is for a local stack, but " + URL + " is set");
            settings.relation(
                    isLoopback(httpHost),
                    DEMO + "=true is for a local stack, but SECKILL_HTTP_HOST is " + httpHost
                            + ", no loopback address");
        }
    }

    private static boolean isJwksUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && ("https".equals(uri.getScheme())
                            || ("http".equals(uri.getScheme()) && isLoopback(uri.getHost())));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    static boolean isLoopback(String host) {
        return host.matches(LOOPBACK);
    }

    @Override
    public String toString() {
        return "jwtKeys=" + jwtKeys + " provider=" + (hasProvider() ? issuer : "none") + (demo ? " demo sign-in" : "");
    }
}
