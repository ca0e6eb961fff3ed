package io.seckill.schema.redis;

import io.seckill.schema.config.RedisAddress;
import io.seckill.schema.redis.RedisLink.RedisUnavailable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds the Redis that may be written to, as Redis' guidelines for clients of Sentinel say: ask one Sentinel after the
 * other, then ask the server itself whether it is the primary. With an address of one server there is nothing to find.
 * vertx-redis-client's own search signs in at Sentinels with the user of the primary, who is not known there.
 *
 * <p>Used on the context that made it.
 */
public final class RedisPrimary {
    private final Vertx vertx;
    private final RedisAddress address;
    private final int timeoutMs;
    /** Counts on from the Sentinel that answered last. */
    private int next;

    /** @param timeoutMs for each Sentinel that is asked */
    public RedisPrimary(Vertx vertx, RedisAddress address, int timeoutMs) {
        this.vertx = vertx;
        this.address = address;
        this.timeoutMs = timeoutMs;
    }

    /** @return where to connect; fails when no Sentinel knows */
    public Future<RedisOptions> find() {
        return address.hasSentinels() ? ask(address.sentinels(), 1) : Future.succeededFuture(address.server());
    }

    /**
     * A Sentinel may be late with its news, and a server with its own.
     *
     * @return succeeds when the server that was found is the primary by its own account
     */
    public Future<Void> check(RedisConnection connection) {
        if (!address.hasSentinels()) {
            return Future.succeededFuture();
        }
        return connection.send(Request.cmd(Command.HELLO)).compose(hello -> {
            Response role = hello.get("role");
            return role != null && role.toString().equals("master")
                    ? Future.succeededFuture()
                    : Future.failedFuture(new RedisUnavailable("it is not the primary, but " + role));
        });
    }

    private Future<RedisOptions> ask(List<String> sentinels, int tries) {
        String sentinel = sentinels.get(next % sentinels.size());
        return ask(sentinel).recover(e -> {
            next++;
            return tries < sentinels.size()
                    ? ask(sentinels, tries + 1)
                    : Future.failedFuture(new RedisUnavailable(
                            "no Sentinel knows the primary; the last one, " + sentinel + ", said: " + e.getMessage()));
        });
    }

    private Future<RedisOptions> ask(String sentinel) {
        Redis client = Redis.createClient(vertx, address.sentinel(sentinel));
        return client.connect()
                .compose(connection -> connection.send(Request.cmd(Command.SENTINEL)
                        .arg("GET-MASTER-ADDR-BY-NAME")
                        .arg(address.primaryName())))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .compose(place -> place == null
                        ? Future.failedFuture(new RedisUnavailable("it watches nothing named " + address.primaryName()))
                        : Future.succeededFuture(address.server(
                                place.get(0).toString(), place.get(1).toInteger())))
                .eventually(client::close);
    }
}
