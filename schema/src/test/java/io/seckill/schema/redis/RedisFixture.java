package io.seckill.schema.redis;

import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.testing.Await;
import io.seckill.schema.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/** A connection to the test run's Redis with the function library in it, and sales that are deleted afterwards. */
final class RedisFixture implements AutoCloseable {
    static final int LEASE_MS = 60_000;

    final Vertx vertx = Vertx.vertx();
    final ServerSettings servers = TestServers.servers(TestServers.environment());
    final RedisLink link;
    final SeckillFunctions functions;
    private final Redis client = Redis.createClient(vertx, servers.redis().uri());
    final RedisConnection connection = Await.result(client.connect());
    private final List<SaleKeys> sales = new ArrayList<>();

    RedisFixture() {
        Await.result(FunctionLibrary.shipped().apply(connection));
        link = new RedisLink(vertx, servers.redis(), "test", 10_000, FunctionLibrary.shipped()::verify).open();
        Await.until("connected to Redis", link::isUp);
        functions = new SeckillFunctions(link);
    }

    SaleKeys newSale() {
        SaleKeys keys = SaleKeys.of("t" + TestServers.random());
        sales.add(keys);
        return keys;
    }

    /** A sale on sale: at most two a user, open from an hour ago to in an hour. */
    SaleKeys openSale(int stock) {
        SaleKeys keys = newSale();
        load(keys, stock);
        return keys;
    }

    SeckillFunctions.Loaded load(SaleKeys keys, int stock) {
        long now = System.currentTimeMillis();
        return Await.result(functions.load(keys, 1, stock, now - 3_600_000, now + 3_600_000, 2, 60, 1));
    }

    ReserveReply reserve(SaleKeys keys, int epoch, SaleModel.Wanted... purchases) {
        return Await.result(functions.reserve(keys, epoch, LEASE_MS, List.of(), List.of(purchases)));
    }

    SaleStatus status(SaleKeys keys) {
        return Await.result(functions.status(keys));
    }

    Response send(Command command, String... args) {
        Request request = Request.cmd(command);
        for (String arg : args) {
            request.arg(arg);
        }
        return Await.result(connection.send(request));
    }

    /** What a restart does to the fence: the library's locals begin anew. */
    void reloadLibrary() {
        send(Command.FUNCTION, "LOAD", "REPLACE", FunctionLibrary.shipped().code());
    }

    /** Every byte of the sale. */
    String dump(SaleKeys keys) {
        return send(Command.HGETALL, keys.sale()) + "\n"
                + send(Command.HGETALL, keys.buyers()) + "\n"
                + send(Command.ZRANGE, keys.outbox(), "0", "-1", "WITHSCORES") + "\n"
                + send(Command.HGETALL, keys.lots());
    }

    void delete(SaleKeys keys) {
        send(Command.DEL, keys.sale(), keys.buyers(), keys.outbox(), keys.lots());
    }

    @Override
    public void close() {
        sales.forEach(this::delete);
        Await.result(link.close());
        Await.result(client.close());
        Await.result(vertx.close());
    }
}
