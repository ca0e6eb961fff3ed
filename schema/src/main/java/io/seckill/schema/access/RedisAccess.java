package io.seckill.schema.access;

import io.seckill.schema.order.OrderChanges;
import io.seckill.schema.process.Heartbeat;
import io.seckill.schema.redis.SeckillFunctions;
import java.util.ArrayList;
import java.util.List;

/**
 * What each role may do in Redis, as the rules of {@code ACL SETUSER}. A function runs with the rights of who calls it, so
 * the commands that the library calls have to be allowed too ({@code docs/decisions}); what the keys and the channels are
 * is what keeps a service to itself.
 */
public final class RedisAccess {
    private static final List<String> SALE_KEYS = List.of("~seckill:{*}:*");
    private static final List<String> CHANNELS =
            List.of("&" + SeckillFunctions.CHANGES, "&" + OrderChanges.CHANNEL, "&" + Heartbeat.CHANNEL);
    private static final List<String> LIBRARY = List.of("+fcall", "+fcall_ro", "+function|list", "+multi", "+exec");
    /** What the functions of {@code seckill.lua} call, but for those of the rebuild. */
    private static final List<String> IN_FUNCTIONS = List.of(
            "+exists",
            "+hdel",
            "+hexists",
            "+hget",
            "+hlen",
            "+hmget",
            "+hscan",
            "+hset",
            "+publish",
            "+time",
            "+zadd",
            "+zcard",
            "+zcount",
            "+zmscore",
            "+zrange",
            "+zrangebyscore",
            "+zrem",
            "+zscore");

    private RedisAccess() {}

    /** After the user's name and password, in this order; for a user that is on and had no rules before. */
    public static List<String> rules(Role role) {
        List<String> rules = new ArrayList<>();
        switch (role) {
            case GATEWAY -> {
                rules.addAll(SALE_KEYS);
                // Idempotency keys; SET with GET reads them too.
                rules.add("~seckill:key:*");
                rules.addAll(CHANNELS);
                rules.addAll(LIBRARY);
                rules.addAll(IN_FUNCTIONS);
                rules.addAll(List.of("+set", "+subscribe"));
            }
            case WORKER -> {
                rules.addAll(SALE_KEYS);
                rules.addAll(CHANNELS);
                rules.addAll(LIBRARY);
                rules.addAll(IN_FUNCTIONS);
                // It puts the library back into a Redis that lost everything, and rebuilds the sales.
                rules.addAll(List.of("+function|load", "+unlink"));
            }
            case SCHEMA -> rules.addAll(List.of("+function|list", "+function|load", "+function|delete"));
        }
        return List.copyOf(rules);
    }
}
