package io.seckill.schema.redis;

import io.seckill.schema.config.RedisAddress;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One long-lived connection to Redis, reopened with backoff. It belongs to the context that made it and is used only
 * there. The client of its own per generation is the only way to cut a connection that hangs: vertx-redis-client has no
 * command timeout and gives pooled connections back instead of closing them. A call that misses its deadline therefore
 * ends the generation, and everything in flight on it fails with an unknown outcome. Where Sentinels are named, each
 * generation is with the primary of its time.
 */
public final class RedisLink {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final int MAX_BACKOFF_MS = 2_000;
    private static final int HEARTBEAT_MS = 5_000;
    /** Most calls without a reply; one more fails at once. */
    public static final int MAX_WAITING = 8_192;

    private final Vertx vertx;
    private final Context context;
    private final RedisAddress address;
    private final RedisPrimary primary;
    private final String name;
    private final int timeoutMs;
    private final Function<RedisConnection, Future<?>> onOpen;

    private Handler<Response> pushHandler;
    private Redis client;
    private RedisConnection connection;
    private boolean closed;
    private int failures;
    private int waiting;

    /**
     * @param name for log lines
     * @param timeoutMs deadline of every call
     * @param onOpen runs on each new connection before it counts as up (verify, subscribe); a failure closes it
     */
    public RedisLink(
            Vertx vertx,
            RedisAddress address,
            String name,
            int timeoutMs,
            Function<RedisConnection, Future<?>> onOpen) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.address = address;
        this.primary = new RedisPrimary(vertx, address, timeoutMs);
        this.name = name;
        this.timeoutMs = timeoutMs;
        this.onOpen = onOpen;
    }

    /** For a subscriber: what arrives without being asked. Set it before {@link #open}. */
    public RedisLink pushHandler(Handler<Response> handler) {
        this.pushHandler = handler;
        return this;
    }

    /** Starts connecting, and goes on in the background for as long as it takes. */
    public RedisLink open() {
        context.runOnContext(v -> connect());
        return this;
    }

    public boolean isUp() {
        return connection != null;
    }

    /** Calls without a reply yet. */
    public int waiting() {
        return waiting;
    }

    /**
     * Fails at once while there is no connection, or too many calls wait; a missed deadline fails it and ends the
     * connection.
     */
    public Future<Response> send(Request request) {
        RedisConnection current = connection;
        if (current == null) {
            return Future.failedFuture(new RedisUnavailable(name + ": not connected to Redis"));
        }
        if (waiting >= MAX_WAITING) {
            return Future.failedFuture(new RedisUnavailable(name + ": too many calls wait for Redis"));
        }
        Redis generation = client;
        return withDeadline(generation, current.send(request));
    }

    /**
     * Calls that happen together or not at all, and with nothing in between. An error that Redis answers to one of them
     * stands in that one's place.
     *
     * @return the reply to each
     */
    public Future<Response> transaction(List<Request> requests) {
        send(Request.cmd(Command.MULTI));
        requests.forEach(this::send);
        return send(Request.cmd(Command.EXEC));
    }

    public Future<Void> close() {
        closed = true;
        connection = null;
        Redis last = client;
        client = null;
        if (last != null) {
            last.close();
        }
        return Future.succeededFuture();
    }

    /** Redis cannot be asked, or did not answer in time. */
    public static final class RedisUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RedisUnavailable(String message) {
            super(message, null, false, false);
        }
    }

    private Future<Response> withDeadline(Redis generation, Future<Response> reply) {
        long timer = vertx.setTimer(timeoutMs, id -> {
            if (!reply.isComplete()) {
                end(generation, "no answer within " + timeoutMs + " ms");
            }
        });
        waiting++;
        // Closing the client fails every call in flight, so no Future stays open.
        return reply.onComplete(done -> {
            waiting--;
            vertx.cancelTimer(timer);
        });
    }

    private void connect() {
        if (closed) {
            return;
        }
        primary.find().onSuccess(this::connect).onFailure(e -> retry(e.getMessage()));
    }

    private void connect(RedisOptions options) {
        if (closed) {
            return;
        }
        Redis generation = Redis.createClient(
                vertx,
                options.setMaxPoolSize(1)
                        .setMaxPoolWaiting(1)
                        .setMaxWaitingHandlers(MAX_WAITING)
                        .setPoolCleanerInterval(-1)
                        .setPoolRecycleTimeout(-1));
        client = generation;
        generation
                .connect()
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .compose(opened -> {
                    opened.exceptionHandler(e -> end(generation, String.valueOf(e.getMessage())));
                    opened.endHandler(v -> end(generation, "connection closed"));
                    opened.handler(pushHandler);
                    return primary.check(opened)
                            .compose(v -> onOpen.apply(opened))
                            .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                            .map(opened);
                })
                .onSuccess(opened -> up(generation, opened))
                .onFailure(e -> end(generation, String.valueOf(e.getMessage())));
    }

    private void up(Redis generation, RedisConnection opened) {
        if (generation != client) {
            generation.close();
            return;
        }
        failures = 0;
        connection = opened;
        if (pushHandler != null) {
            listen(generation);
        }
        LOG.info("{}: connected to Redis at {}", name, address.place());
    }

    /** Who only listens learns of a silent end by asking. HELLO needs no right of its own. */
    private void listen(Redis generation) {
        vertx.setTimer(HEARTBEAT_MS, id -> {
            if (generation == client) {
                send(Request.cmd(Command.HELLO)).onSuccess(hello -> listen(generation));
            }
        });
    }

    private void end(Redis generation, String why) {
        if (generation != client) {
            return;
        }
        client = null;
        connection = null;
        generation.close();
        retry(why);
    }

    private void retry(String why) {
        int delay = backoff();
        LOG.warn("{}: Redis at {}: {}; next try in {} ms", name, address.place(), why, delay);
        vertx.setTimer(delay, id -> connect());
    }

    private int backoff() {
        int ceiling = Math.min(MAX_BACKOFF_MS, 50 << Math.min(failures++, 10));
        return ceiling / 2 + ThreadLocalRandom.current().nextInt(ceiling / 2 + 1);
    }
}
