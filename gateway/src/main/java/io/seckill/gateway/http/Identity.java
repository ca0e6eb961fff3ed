package io.seckill.gateway.http;

/**
 * Whom a verified token speaks for.
 *
 * @param userId the token's {@code sub}; nothing else in a request ever names a user
 * @param admin the token's {@code role} is {@code admin}
 * @param expiresMs ms since 1970
 */
public record Identity(String userId, boolean admin, long expiresMs) {}
