package io.seckill.schema.process;

import io.seckill.schema.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once a second how its process is. Best effort: nobody but people who look may depend on it. */
public final class HeartbeatSender {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);
    private static final int EVERY_MS = 1_000;

    private final RedisLink redis;
    private final Supplier<Heartbeat> now;

    /** @param now asked on the link's context before each one */
    public HeartbeatSender(RedisLink redis, Supplier<Heartbeat> now) {
        this.redis = redis;
        this.now = now;
    }

    public HeartbeatSender start(Vertx vertx) {
        vertx.setPeriodic(1, EVERY_MS, id -> {
            if (redis.isUp()) {
                send(now.get());
            }
        });
        return this;
    }

    /** Tells that the process ends in order. Never fails. */
    public Future<Void> leave() {
        return redis.isUp() ? send(now.get().last()) : Future.succeededFuture();
    }

    private Future<Void> send(Heartbeat heartbeat) {
        return redis.send(Request.cmd(Command.PUBLISH)
                        .arg(Heartbeat.CHANNEL)
                        .arg(heartbeat.json().encode()))
                .onFailure(e -> LOG.debug("no heartbeat: {}", e.getMessage()))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
