package io.seckill.loadtest.simulation.redis;

import io.seckill.loadtest.simulation.world.ProcessLife;
import io.seckill.loadtest.simulation.world.Stub;
import io.seckill.loadtest.simulation.world.Wire;
import io.seckill.loadtest.simulation.world.World;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.RequestImpl;
import io.vertx.redis.client.impl.types.ErrorType;
import io.vertx.redis.client.impl.types.MultiType;
import io.vertx.redis.client.impl.types.SimpleStringType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.luaj.vm2.LuaError;

/** vertx-redis-client as the product uses it: a client of its own for each connection, whose close fails all that waits. */
public final class RedisConnections {
    private final World world;
    private final ProcessLife process;
    private final Set<Promise<Response>> waiting = new LinkedHashSet<>();
    private final RedisConnection connection;
    private Wire wire;
    /** On the server: what comes between MULTI and EXEC; null outside of it. */
    private List<Supplier<Response>> queued;

    private Handler<Void> ended = v -> {};
    private Handler<Response> pushed = v -> {};

    private RedisConnections(World world, ProcessLife process) {
        this.world = world;
        this.process = process;
        this.connection = Stub.of(RedisConnection.class, this::onConnection);
    }

    public static Redis client(World world, ProcessLife process) {
        RedisConnections client = new RedisConnections(world, process);
        return Stub.of(Redis.class, (method, a) -> switch (method) {
            case "connect" -> client.connect();
            case "close" -> client.close();
            default -> throw new IllegalStateException("the simulation has no Redis." + method);
        });
    }

    private Future<RedisConnection> connect() {
        Promise<RedisConnection> connected = Promise.promise();
        world.scheduler().in(world.latency(), process, new Object(), () -> {
            if (!world.redis().isUp()) {
                connected.tryFail("Connection refused");
                return;
            }
            wire = new Wire(world, process, world::latency, 0, this::lost, () -> world.redis()
                    .closed(wire));
            world.redis().opened(wire);
            connected.tryComplete(connection);
        });
        return connected.future();
    }

    private Future<Void> close() {
        if (wire != null) {
            wire.close();
        }
        failAll();
        return Future.succeededFuture();
    }

    private void lost() {
        failAll();
        ended.handle(null);
    }

    private void failAll() {
        List<Promise<Response>> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(promise -> promise.tryFail("CONNECTION_CLOSED"));
    }

    @SuppressWarnings("unchecked")
    private Object onConnection(String method, Object[] a) {
        switch (method) {
            case "send":
                return send((RequestImpl) (Request) a[0]);
            case "endHandler":
                ended = (Handler<Void>) a[0];
                return connection;
            case "handler":
                pushed = a[0] == null ? v -> {} : (Handler<Response>) a[0];
                return connection;
            case "exceptionHandler":
                return connection;
            case "close":
                return close();
            default:
                throw new IllegalStateException("the simulation has no RedisConnection." + method);
        }
    }

    private Future<Response> send(RequestImpl request) {
        Promise<Response> promise = Promise.promise();
        if (wire == null || !wire.isOpen()) {
            promise.tryFail("CONNECTION_CLOSED");
            return promise.future();
        }
        waiting.add(promise);
        String command = request.command().toString().toLowerCase(Locale.ROOT);
        List<String> arguments = new ArrayList<>();
        request.getArgs().forEach(argument -> arguments.add(new String(argument, StandardCharsets.UTF_8)));
        wire.up(() -> execute(command, arguments, promise));
        return promise.future();
    }

    private void execute(String command, List<String> arguments, Promise<Response> promise) {
        if (command.equals("subscribe")) {
            world.redis().subscribe(wire, (channel, message) -> {
                if (arguments.contains(channel) && !world.losesHint()) {
                    wire.down(() -> pushed.handle(push(channel, message)));
                }
            });
            reply(promise, null, null);
            return;
        }
        if (command.equals("multi")) {
            queued = new ArrayList<>();
            reply(promise, SimpleStringType.OK, null);
        } else if (command.equals("exec")) {
            MultiType replies = MultiType.create(queued.size(), false);
            queued.forEach(call -> replies.add(call.get()));
            queued = null;
            reply(promise, replies, null);
        } else if (queued != null) {
            queued.add(() -> answer(command, arguments));
            reply(promise, SimpleStringType.create("QUEUED"), null);
        } else {
            Response response = answer(command, arguments);
            reply(promise, response, response instanceof ErrorType error ? error : null);
        }
    }

    private Response answer(String command, List<String> arguments) {
        try {
            Response response = world.redis().execute(command, arguments);
            if (command.equals("fcall")) {
                world.served(process, RedisServer.withoutVersion(arguments.get(0)));
            }
            return response;
        } catch (LuaError error) {
            return ErrorType.create("ERR " + error.getMessage());
        }
    }

    private void reply(Promise<Response> promise, Response response, Throwable failure) {
        wire.down(() -> {
            waiting.remove(promise);
            if (failure != null) {
                promise.tryFail(failure);
            } else {
                promise.tryComplete(response);
            }
        });
    }

    private static Response push(String channel, String message) {
        MultiType push = MultiType.create(3, false);
        push.add(RedisServer.bulk("message"));
        push.add(RedisServer.bulk(channel));
        push.add(RedisServer.bulk(message));
        return push;
    }
}
