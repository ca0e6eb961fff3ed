package io.seckill.gateway.http;

/**
 * What a token must say, whoever signed it.
 *
 * @param audience ours, its {@code aud} or one of several
 * @param roleClaim the claim, a text or a list of texts, that names an operator's role {@code admin}
 */
public record TokenRules(String audience, String roleClaim) {
    public static final String ADMIN = "admin";

    /** Where the role is unless a setting says otherwise. */
    public static final String ROLE_CLAIM = "role";
}
