package io.seckill.loadtest.simulation.world;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.seckill.gateway.GatewayConfig;
import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.TokenVerifier;
import io.seckill.loadtest.simulation.amqp.RabbitConnections;
import io.seckill.loadtest.simulation.mysql.MysqlClients;
import io.seckill.loadtest.simulation.redis.RedisConnections;
import io.seckill.schema.fault.CrashPoint;
import io.seckill.schema.redis.FunctionLibrary;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.rabbitmq.RabbitMQClient;
import io.vertx.rabbitmq.RabbitMQOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.sqlclient.Pool;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/** Where the product's calls to the world outside end; see {@code CallRewriter} for which. Named like what they replace. */
public final class Surroundings {
    private static final String BEARER = "Bearer ";

    private Surroundings() {}

    private static World world() {
        return World.current();
    }

    private static ProcessLife process() {
        return world().scheduler().current();
    }

    public static FunctionLibrary shipped() {
        return process().functions();
    }

    public static long nanoTime() {
        return world().scheduler().nanos();
    }

    /** The machine's clock, which may be wrong. */
    public static long currentTimeMillis() {
        ProcessLife process = process();
        return world().serverMs() + (process == null ? 0 : process.clockSkewMs());
    }

    public static int nextInt(ThreadLocalRandom random, int bound) {
        return world().chance().below(bound);
    }

    public static int nextInt(ThreadLocalRandom random, int from, int to) {
        return from + world().chance().below(to - from);
    }

    public static long nextLong(ThreadLocalRandom random) {
        return world().chance().next();
    }

    public static long nextLong(SecureRandom random) {
        return world().chance().next();
    }

    public static int nextInt(SecureRandom random, int bound) {
        return world().chance().below(bound);
    }

    public static UUID randomUUID() {
        return new UUID(world().chance().next(), world().chance().next());
    }

    public static <T, K> Collector<T, ?, Map<K, List<T>>> groupingBy(Function<? super T, ? extends K> key) {
        return groupingBy(key, Collectors.toList());
    }

    public static <T, K, A, D> Collector<T, ?, Map<K, D>> groupingBy(
            Function<? super T, ? extends K> key, Collector<? super T, A, D> downstream) {
        return Collectors.<T, K, D, A, Map<K, D>>groupingBy(key, LinkedHashMap::new, downstream);
    }

    public static <T> Collector<T, ?, Set<T>> toSet() {
        return Collectors.toCollection(LinkedHashSet::new);
    }

    public static <T, K, U> Collector<T, ?, Map<K, U>> toMap(
            Function<? super T, ? extends K> key, Function<? super T, ? extends U> value) {
        return Collectors.toMap(
                key,
                value,
                (one, other) -> {
                    throw new IllegalStateException("duplicate key");
                },
                LinkedHashMap::new);
    }

    public static Logger getLogger(Class<?> type) {
        return new TraceLogger(type.getSimpleName());
    }

    public static <T> Future<T> timeout(Future<T> future, long delay, TimeUnit unit) {
        if (future.isComplete()) {
            return future;
        }
        Promise<T> promise = Promise.promise();
        Scheduler.Event timer = world().scheduler().in(unit.toNanos(delay), process(), ProcessLife.TIMERS, () -> {
            if (!promise.future().isComplete()) {
                promise.tryFail(new java.util.concurrent.TimeoutException("timed out"));
            }
        });
        future.onComplete(done -> {
            timer.cancel();
            if (done.succeeded()) {
                promise.tryComplete(done.result());
            } else {
                promise.tryFail(done.cause());
            }
        });
        return promise.future();
    }

    public static Redis createClient(Vertx vertx, RedisOptions options) {
        return RedisConnections.client(world(), process());
    }

    public static RabbitMQClient create(Vertx vertx, RabbitMQOptions options) {
        return RabbitConnections.client(world(), process(), options);
    }

    public static Future<MySQLConnection> connect(Vertx vertx, MySQLConnectOptions options) {
        return MysqlClients.connect(world(), process());
    }

    public static Pool mysql(Vertx vertx, GatewayConfig config, String name) {
        return MysqlClients.pool(world(), process(), config.mysqlPoolSize());
    }

    public static Pool mysql(Vertx vertx, GatewayConfig config, String name, int maxSilenceMs) {
        return mysql(vertx, config, name);
    }

    public static Router router(Vertx vertx) {
        return VirtualHttp.router();
    }

    public static BodyHandler create(boolean handleFileUploads) {
        return VirtualHttp.bodyHandler();
    }

    /** Here a token is its user's id. */
    public static Identity verify(TokenVerifier verifier, String authorization) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            return null;
        }
        String user = authorization.substring(BEARER.length());
        return new Identity(user, user.equals("admin"), Long.MAX_VALUE);
    }

    public static void bindTo(JvmMemoryMetrics metrics, MeterRegistry registry) {}

    public static void bindTo(JvmGcMetrics metrics, MeterRegistry registry) {}

    /** A step at which a process may die. */
    public static void reach(CrashPoint point) {
        ProcessLife process = process();
        if (process != null && world().crashesHere()) {
            world().trace(process + " dies at " + point);
            world().crash(process);
        }
    }
}
