package io.seckill.gateway.purchase;

import io.seckill.gateway.http.Problem;
import io.seckill.schema.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Remembers for a day what a client used an Idempotency-Key for, so that a request that comes late is known for what it is:
 * a purchase that comes again after its order was cancelled does not buy a second time. A key belongs to its user. In Redis,
 * away from the sales' keys. Used on one event loop.
 */
public final class IdempotencyKeys {
    public static final String HEADER = "idempotency-key";
    public static final Problem INVALID = Problem.invalid("Idempotency-Key must be 1 to 255 visible ASCII characters");
    public static final Problem REUSED = Problem.keyReused("this Idempotency-Key was used for another call");

    private static final String PREFIX = "seckill:key:";
    private static final int LIFETIME_S = 86_400;
    private static final int MAX_LENGTH = 255;

    private final RedisLink redis;

    public IdempotencyKeys(RedisLink redis) {
        this.redis = redis;
    }

    /** How a key's earlier use compares with this one. */
    public enum Use {
        SAME,
        OTHER
    }

    /** @param attempt the user's how-many-eth order in the sale the key bought, 0 if that is not known */
    public record Claim(Use use, int attempt) {}

    public static boolean isKey(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.chars().allMatch(character -> character > ' ' && character <= '~');
    }

    /**
     * Claims a key for a use, unless it has one.
     *
     * @param use what the call is, the same text each time it is repeated
     */
    public Future<Claim> claim(String userId, String key, String use) {
        return redis.send(Request.cmd(Command.SET)
                        .arg(name(userId, key))
                        .arg(use)
                        .arg("NX")
                        .arg("GET")
                        .arg("EX")
                        .arg(LIFETIME_S))
                .map(before -> before == null ? new Claim(Use.SAME, 0) : compare(before.toString(), use));
    }

    /** Writes down which order a key bought. */
    Future<Void> bought(String userId, String key, String use, int attempt) {
        return redis.send(Request.cmd(Command.SET)
                        .arg(name(userId, key))
                        .arg(use + '\n' + attempt)
                        .arg("EX")
                        .arg(LIFETIME_S))
                .mapEmpty();
    }

    private static Claim compare(String before, String use) {
        int end = before.indexOf('\n');
        String usedFor = end < 0 ? before : before.substring(0, end);
        return usedFor.equals(use)
                ? new Claim(Use.SAME, end < 0 ? 0 : Integer.parseInt(before.substring(end + 1)))
                : new Claim(Use.OTHER, 0);
    }

    // Of one length whatever the client chose, and no user meets another's.
    private static String name(String userId, String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((userId + '\n' + key).getBytes(StandardCharsets.US_ASCII));
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
