package io.seckill.schema.testing;

import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.config.Settings;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.MySQLConnection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/** The real servers of a test run, each test class with a database and AMQP names of its own. */
public final class TestServers {
    private static final String[] NEEDED = {"SECKILL_REDIS_URI", "SECKILL_AMQP_URI", "SECKILL_MYSQL_HOST"};

    private TestServers() {}

    /** The environment for a service under test; fails with what to do where there are no servers. */
    public static Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("SECKILL_")) {
                environment.put(name, value);
            }
        });
        for (String name : NEEDED) {
            if (!environment.containsKey(name)) {
                throw new IllegalStateException(name + " is not set: run ./seckill test, which starts the servers");
            }
        }
        String own = random();
        environment.put("SECKILL_AMQP_PREFIX", "test-" + own);
        environment.put("SECKILL_MYSQL_DATABASE", "seckill_" + own);
        return environment;
    }

    public static ServerSettings servers(Map<String, String> environment) {
        Settings settings = new Settings(environment::get);
        return settings.finish(ServerSettings.read(settings));
    }

    /** Eight letters and digits, new each time, for the names of what a test makes. */
    public static String random() {
        return String.format(Locale.ROOT, "%08x", ThreadLocalRandom.current().nextInt());
    }

    public static void createDatabase(Vertx vertx, ServerSettings servers) {
        administer(vertx, servers, "CREATE DATABASE " + servers.mysqlDatabase());
    }

    public static void dropDatabase(Vertx vertx, ServerSettings servers) {
        administer(vertx, servers, "DROP DATABASE IF EXISTS " + servers.mysqlDatabase());
    }

    private static void administer(Vertx vertx, ServerSettings servers, String sql) {
        MySQLConnectOptions options = servers.mysql();
        options.setDatabase("");
        Await.result(MySQLConnection.connect(vertx, options)
                .compose(connection -> connection.query(sql).execute().eventually(connection::close)));
    }
}
