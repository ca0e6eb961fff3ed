package io.seckill.schema.config;

import io.vertx.rabbitmq.RabbitMQOptions;
import io.vertx.redis.client.RedisOptions;
import java.net.URI;
import java.util.Set;

/**
 * Where Redis or RabbitMQ is, and how it proves to be that server. Credentials never show in {@link #toString()}.
 *
 * @param uri of scheme redis, rediss, amqp or amqps, with user and password; the second s is for TLS
 * @param caFile PEM, the certificates that are believed; empty without TLS
 */
public record ServerAddress(String uri, String caFile) {
    private static final Set<String> TLS_SCHEMES = Set.of("rediss", "rediss-sentinel", "amqps");
    private static final int AMQPS_PORT = 5671;

    /** Without TLS. */
    public static ServerAddress plain(String uri) {
        return new ServerAddress(uri, "");
    }

    /** Whether a URI asks for TLS; false for what is no URI. */
    static boolean isTls(String uri) {
        return TLS_SCHEMES.stream().anyMatch(scheme -> uri.startsWith(scheme + "://"));
    }

    /** host:port, for a log line without credentials. */
    public String place() {
        URI parsed = URI.create(uri);
        return parsed.getHost() + (parsed.getPort() < 0 ? "" : ":" + parsed.getPort());
    }

    /** For vertx-redis-client; how many connections is for the caller to say. */
    RedisOptions redis() {
        RedisOptions options = new RedisOptions().setConnectionString(uri);
        if (isTls(uri)) {
            options.getNetClientOptions()
                    .setSsl(true)
                    .setTrustOptions(TlsTrust.of(caFile))
                    .setHostnameVerificationAlgorithm(TlsTrust.VERIFY_HOST);
        }
        return options;
    }

    /** For vertx-rabbitmq-client. */
    public RabbitMQOptions amqp() {
        RabbitMQOptions options = new RabbitMQOptions();
        if (!isTls(uri)) {
            return options.setUri(uri);
        }
        // Of scheme amqps the client would make a connection that believes everyone first, and log so.
        options.setUri(withoutTls());
        options.setSsl(true)
                .setTrustOptions(TlsTrust.withHost(caFile))
                .setHostnameVerificationAlgorithm(TlsTrust.VERIFY_HOST);
        return options;
    }

    private String withoutTls() {
        URI parsed = URI.create(uri);
        String user = parsed.getRawUserInfo() == null ? "" : parsed.getRawUserInfo() + "@";
        int port = parsed.getPort() < 0 ? AMQPS_PORT : parsed.getPort();
        return "amqp://" + user + parsed.getHost() + ":" + port + parsed.getRawPath();
    }

    @Override
    public String toString() {
        return place() + (isTls(uri) ? " (TLS)" : "");
    }
}
