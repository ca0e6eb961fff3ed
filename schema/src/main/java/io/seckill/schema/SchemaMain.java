package io.seckill.schema;

import io.seckill.schema.access.MysqlAccess;
import io.seckill.schema.access.Role;
import io.seckill.schema.amqp.AmqpGeneration;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.config.InvalidSettings;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.db.Migrations;
import io.seckill.schema.redis.FunctionLibrary;
import io.seckill.schema.redis.RedisPrimary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings the three servers to what the services expect: tables in MySQL, functions in Redis, exchanges and queues in
 * RabbitMQ. On servers that have it all it has no effect. With {@code --drop-old-functions} it only deletes the functions of
 * other versions from Redis. Exit 0, or 1 with the server that failed, or 2 for a wrong configuration.
 */
public final class SchemaMain {
    private static final int DEADLINE_S = 60;
    private static final int SENTINEL_TIMEOUT_MS = 3_000;
    private static final String DROP_OLD_FUNCTIONS = "--drop-old-functions";

    private SchemaMain() {}

    public static void main(String[] args) {
        boolean drop = args.length == 1 && args[0].equals(DROP_OLD_FUNCTIONS);
        if (args.length > 0 && !drop) {
            System.err.println("Usage: schema [" + DROP_OLD_FUNCTIONS + "]");
            System.exit(2);
        }
        System.exit(run(drop));
    }

    private static int run(boolean drop) {
        Vertx vertx = null;
        try {
            SchemaConfig config = SchemaConfig.read(System::getenv);
            vertx = Vertx.vertx();
            Future<String> work = drop
                    ? dropOldFunctions(vertx, config.servers())
                    : apply(vertx, config.servers(), config.accounts());
            System.out.println(work.toCompletionStage().toCompletableFuture().get(DEADLINE_S, TimeUnit.SECONDS));
            return 0;
        } catch (InvalidSettings e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (ExecutionException e) {
            System.err.println(e.getCause().getMessage());
            return 1;
        } catch (TimeoutException e) {
            System.err.println("The schema was not applied within " + DEADLINE_S + " s");
            return 1;
        } catch (InterruptedException e) {
            return 1;
        } finally {
            if (vertx != null) {
                vertx.close();
            }
        }
    }

    /**
     * All three at once; the text says what each did. A failure names the server.
     *
     * @param accounts MySQL users to be given what their service needs
     */
    public static Future<String> apply(Vertx vertx, ServerSettings servers, Map<Role, String> accounts) {
        Future<String> mysql = vertx.executeBlocking(() -> {
            int count = Migrations.apply(servers);
            int granted = MysqlAccess.apply(servers, accounts);
            return "MySQL: " + (count == 0 ? "unchanged" : count + " migration(s) applied")
                    + (granted == 0 ? "" : ", rights granted to " + granted + " user(s)");
        });
        Future<String> redis =
                redis(vertx, servers).map(applied -> "Redis: " + applied.name().toLowerCase(Locale.ROOT));
        Future<String> amqp = topology(vertx, servers).map("RabbitMQ: declared");
        List<Future<String>> steps = List.of(
                named(mysql, "MySQL at " + servers.mysqlHost() + ":" + servers.mysqlPort()),
                named(redis, "Redis at " + servers.redis().place()),
                named(amqp, "RabbitMQ at " + servers.amqp().place()));
        return Future.join(steps)
                .map(all -> steps.stream().map(Future::result).collect(Collectors.joining("\n")))
                .recover(first -> Future.failedFuture(new IllegalStateException(steps.stream()
                        .filter(Future::failed)
                        .map(step -> step.cause().getMessage())
                        .collect(Collectors.joining("\n")))));
    }

    private static Future<FunctionLibrary.Applied> redis(Vertx vertx, ServerSettings servers) {
        return onRedis(vertx, servers, FunctionLibrary.shipped()::apply);
    }

    /** For after an upgrade: whoever still calls them then gets an error from Redis, and is not ready. */
    public static Future<String> dropOldFunctions(Vertx vertx, ServerSettings servers) {
        return onRedis(vertx, servers, FunctionLibrary.shipped()::deleteOthers)
                .map(count -> "Redis: functions of " + count + " other version(s) deleted");
    }

    private static <T> Future<T> onRedis(
            Vertx vertx, ServerSettings servers, Function<RedisConnection, Future<T>> task) {
        RedisPrimary primary = new RedisPrimary(vertx, servers.redis(), SENTINEL_TIMEOUT_MS);
        return primary.find().compose(options -> {
            Redis client = Redis.createClient(vertx, options);
            return client.connect()
                    .compose(connection -> primary.check(connection).compose(v -> task.apply(connection)))
                    .eventually(client::close);
        });
    }

    private static Future<Void> topology(Vertx vertx, ServerSettings servers) {
        return AmqpGeneration.open(vertx, servers.amqp(), "schema", DEADLINE_S * 1000)
                .compose(generation ->
                        new Topology(servers.amqpPrefix()).declare(generation).eventually(generation::close));
    }

    private static <T> Future<T> named(Future<T> step, String server) {
        return step.recover(e -> Future.failedFuture(new IllegalStateException(server + ": " + e.getMessage(), e)));
    }
}
