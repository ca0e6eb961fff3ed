package io.seckill.schema.config;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.SslMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where the three servers are. Credentials never show in {@link #toString()}.
 *
 * @param mysqlCaFile PEM, the certificates that MySQL's must be signed by; empty without TLS
 */
public record ServerSettings(
        RedisAddress redis,
        ServerAddress amqp,
        String amqpPrefix,
        String mysqlHost,
        int mysqlPort,
        String mysqlUser,
        String mysqlPassword,
        String mysqlDatabase,
        String mysqlCaFile) {

    private static final String REDIS = "SECKILL_REDIS_URI";
    private static final String CA = "SECKILL_TLS_CA";
    private static final String MYSQL_TLS = "SECKILL_MYSQL_TLS";

    public static ServerSettings read(Settings settings) {
        String redis = settings.required(
                REDIS,
                "redis://[[user]:password@]host:port, or redis-sentinel://[[user]:password@]host:port,host:port,...#name,"
                        + " or rediss for redis");
        String amqp = settings.required("SECKILL_AMQP_URI", "amqp://user:password@host:port[/vhost], or amqps://");
        if (!RedisAddress.isSentinels(redis)) {
            checkUri(
                    settings,
                    REDIS,
                    redis,
                    Set.of("redis", "rediss"),
                    ", nor one of scheme redis-sentinel or rediss-sentinel with hosts and #name");
        }
        String sentinelPassword = settings.text("SECKILL_REDIS_SENTINEL_PASSWORD", "");
        settings.relation(
                sentinelPassword.isEmpty() || RedisAddress.isSentinels(redis),
                "SECKILL_REDIS_SENTINEL_PASSWORD is set, but " + REDIS + " names no Sentinels");
        checkUri(settings, "SECKILL_AMQP_URI", amqp, Set.of("amqp", "amqps"), "");
        boolean mysqlTls = settings.matching(MYSQL_TLS, "off", tls -> tls.matches("off|verify"), "off or verify")
                .equals("verify");
        String caFile = caFile(settings, redis, amqp, mysqlTls);
        return new ServerSettings(
                new RedisAddress(redis, caFile, sentinelPassword),
                new ServerAddress(amqp, caFile),
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
                        "1-64 letters, digits or _"),
                mysqlTls ? caFile : "");
    }

    /** One file for the three of them; that a server is to be verified by nothing, or nothing to be verified, is a mistake. */
    private static String caFile(Settings settings, String redis, String amqp, boolean mysqlTls) {
        String caFile = settings.matching(
                CA, "", TlsTrust::isReadable, "a readable PEM file with the certificates of the CAs to believe");
        List<String> encrypted = new ArrayList<>();
        if (ServerAddress.isTls(redis)) {
            encrypted.add(REDIS);
        }
        if (ServerAddress.isTls(amqp)) {
            encrypted.add("SECKILL_AMQP_URI");
        }
        if (mysqlTls) {
            encrypted.add(MYSQL_TLS);
        }
        settings.relation(
                encrypted.isEmpty() || !caFile.isEmpty(),
                CA + " is not set, but " + String.join(" and ", encrypted)
                        + " asks for TLS; expected a PEM file with the certificates of the CAs to believe");
        settings.relation(
                caFile.isEmpty() || !encrypted.isEmpty(),
                CA + " is set, but nothing asks for TLS: neither rediss:// nor amqps:// nor " + MYSQL_TLS + "=verify");
        return caFile;
    }

    private static void checkUri(Settings settings, String name, String value, Set<String> schemes, String others) {
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
                        + String.join(" or ", schemes.stream().sorted().toList()) + " with a host" + others);
    }

    /** For vertx-mysql-client. Every time in the database is UTC; nothing depends on the session's time zone. */
    public MySQLConnectOptions mysql() {
        MySQLConnectOptions options = new MySQLConnectOptions()
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
        if (!mysqlCaFile.isEmpty()) {
            options.setSslMode(SslMode.VERIFY_IDENTITY)
                    .setSslOptions(new ClientSSLOptions()
                            .setTrustOptions(TlsTrust.of(mysqlCaFile))
                            .setHostnameVerificationAlgorithm(TlsTrust.VERIFY_HOST));
        }
        return options;
    }

    @Override
    public String toString() {
        return "redis=" + redis + " amqp=" + amqp + " mysql=" + mysqlHost + ":" + mysqlPort + "/" + mysqlDatabase
                + (mysqlCaFile.isEmpty() ? "" : " (TLS)");
    }
}
