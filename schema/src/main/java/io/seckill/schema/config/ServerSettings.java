package io.seckill.schema.config;

import io.vertx.mysqlclient.MySQLConnectOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * Where the three servers are. Credentials never show in {@link #toString()}.
 *
 * @param redisUri redis:// or rediss://
 * @param amqpUri amqp:// or amqps://
 */
public record ServerSettings(
        String redisUri,
        String amqpUri,
        String amqpPrefix,
        String mysqlHost,
        int mysqlPort,
        String mysqlUser,
        String mysqlPassword,
        String mysqlDatabase) {

    public static ServerSettings read(Settings settings) {
        String redis = settings.required("SECKILL_REDIS_URI", "redis://[:password@]host:port");
        String amqp = settings.required("SECKILL_AMQP_URI", "amqp://user:password@host:port[/vhost]");
        checkUri(settings, "SECKILL_REDIS_URI", redis, Set.of("redis", "rediss"));
        checkUri(settings, "SECKILL_AMQP_URI", amqp, Set.of("amqp", "amqps"));
        return new ServerSettings(
                redis,
                amqp,
                settings.matching(
                        "SECKILL_AMQP_PREFIX",
                        "seckill",
                        p -> p.matches("[a-z0-9_-]{1,40}"),
                        "1-40 of a-z 0-9 _ -, the beginning of every exchange's and queue's name"),
                settings.required("SECKILL_MYSQL_HOST", "a host name or address"),
                settings.integer("SECKILL_MYSQL_PORT", 3306, 1, 65535),
                settings.text("SECKILL_MYSQL_USER", "seckill"),
                settings.text("SECKILL_MYSQL_PASSWORD", ""),
                settings.matching(
                        "SECKILL_MYSQL_DATABASE",
                        "seckill",
                        d -> d.matches("[A-Za-z0-9_]{1,64}"),
                        "1-64 letters, digits or _"));
    }

    private static void checkUri(Settings settings, String name, String value, Set<String> schemes) {
        if (value.isEmpty()) {
            return;
        }
        boolean valid;
        try {
            URI uri = new URI(value);
            valid = uri.getScheme() != null && schemes.contains(uri.getScheme()) && uri.getHost() != null;
        } catch (URISyntaxException e) {
            valid = false;
        }
        settings.relation(
                valid,
                name + " (not shown, it may hold a password) is not a URI of scheme "
                        + String.join(" or ", schemes.stream().sorted().toList()) + " with a host");
    }

    /** For vertx-mysql-client. Every time in the database is UTC; nothing depends on the session's time zone. */
    public MySQLConnectOptions mysql() {
        return new MySQLConnectOptions()
                .setHost(mysqlHost)
                .setPort(mysqlPort)
                .setUser(mysqlUser)
                .setPassword(mysqlPassword)
                .setDatabase(mysqlDatabase)
                .setCachePreparedStatements(true)
                // Without it nothing of more than 2,047 characters is kept, and statements of many rows are prepared
                // anew each time: a packet for each of thousands of parameters.
                .setPreparedStatementCacheSqlFilter(sql -> true)
                .setPreparedStatementCacheMaxSize(256);
    }

    /** host:port of a server, for a log line without credentials. */
    public static String place(String uri) {
        URI parsed = URI.create(uri);
        return parsed.getHost() + (parsed.getPort() < 0 ? "" : ":" + parsed.getPort());
    }

    @Override
    public String toString() {
        return "redis=" + place(redisUri) + " amqp=" + place(amqpUri) + " mysql=" + mysqlHost + ":" + mysqlPort + "/"
                + mysqlDatabase;
    }
}
