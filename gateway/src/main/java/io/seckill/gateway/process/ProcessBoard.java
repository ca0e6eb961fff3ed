package io.seckill.gateway.process;

import io.seckill.schema.config.RedisAddress;
import io.seckill.schema.process.Heartbeat;
import io.seckill.schema.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The last heartbeat of each gateway and worker. Who falls silent stays, so that an operator sees who is missing, until
 * another process of its name is heard, or a quarter of an hour is over; who says farewell leaves at once. On one event
 * loop, over a connection of its own: what it may not subscribe to must not cost the gateway its other channels.
 */
public final class ProcessBoard {
    private static final int MAX_PROCESSES = 256;
    private static final long FORGOTTEN_AFTER_MS = TimeUnit.MINUTES.toMillis(15);
    /** Two heartbeats and a half: from then on a process counts as silent. */
    private static final long SILENT_AFTER_MS = 2_500;

    private record Heard(Heartbeat heartbeat, long atMs) {}

    private final Map<String, Heard> byId = new HashMap<>();
    private final LongSupplier clockMs;
    private RedisLink redis;

    /** @param clockMs a monotonic clock */
    ProcessBoard(LongSupplier clockMs) {
        this.clockMs = clockMs;
    }

    /** Starts listening, for as long as it takes. */
    public static ProcessBoard listen(Vertx vertx, RedisAddress address, String name, int timeoutMs) {
        ProcessBoard board = new ProcessBoard(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        board.redis = new RedisLink(
                        vertx,
                        address,
                        name,
                        timeoutMs,
                        connection ->
                                connection.send(Request.cmd(Command.SUBSCRIBE).arg(Heartbeat.CHANNEL)))
                .pushHandler(board::pushed)
                .open();
        return board;
    }

    public Future<Void> close() {
        return redis.close();
    }

    /** Whether heartbeats can be heard at all. */
    boolean isListening() {
        return redis != null && redis.isUp();
    }

    /** Every process, gateways first, each with {@code silentMs}: how long ago it was heard. */
    JsonArray json() {
        long now = clockMs.getAsLong();
        byId.values().removeIf(heard -> now - heard.atMs > FORGOTTEN_AFTER_MS);
        JsonArray processes = new JsonArray();
        byId.values().stream()
                .sorted(Comparator.comparing((Heard heard) -> heard.heartbeat.role())
                        .thenComparing(heard -> heard.heartbeat.instance())
                        .thenComparing(heard -> heard.heartbeat.id()))
                .map(heard -> json(heard, now))
                .forEach(processes::add);
        return processes;
    }

    private static JsonObject json(Heard heard, long now) {
        JsonObject json = heard.heartbeat.json();
        json.remove("leaving");
        return json.put("silentMs", now - heard.atMs).put("silent", now - heard.atMs > SILENT_AFTER_MS);
    }

    void hear(Heartbeat heartbeat) {
        long now = clockMs.getAsLong();
        if (heartbeat.leaving()) {
            byId.remove(heartbeat.id());
            return;
        }
        byId.values().removeIf(heard -> now - heard.atMs > SILENT_AFTER_MS && isAnotherLifeOf(heard, heartbeat));
        byId.put(heartbeat.id(), new Heard(heartbeat, now));
        if (byId.size() > MAX_PROCESSES) {
            byId.values().stream().min(Comparator.comparingLong(Heard::atMs)).ifPresent(heard -> byId.values()
                    .remove(heard));
        }
    }

    private static boolean isAnotherLifeOf(Heard heard, Heartbeat heartbeat) {
        return heard.heartbeat.role().equals(heartbeat.role())
                && heard.heartbeat.instance().equals(heartbeat.instance())
                && !heard.heartbeat.id().equals(heartbeat.id());
    }

    private void pushed(Response message) {
        if (message != null && message.size() == 3 && message.get(0).toString().equals("message")) {
            Heartbeat.read(message.get(2).toString()).ifPresent(this::hear);
        }
    }
}
