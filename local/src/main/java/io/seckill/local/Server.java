package io.seckill.local;

/**
 * A server that a stack starts itself: {@link RedisServer}, {@link RabbitServer}, {@link MysqlServer}, and if wanted {@link
 * PrometheusServer}.
 */
interface Server {
    String name();

    /** Lays out data and configuration, then says how to start it. */
    Launch launch();

    /** What has to run already when it is started. */
    default void beforeStart() {}

    boolean ready();

    /** Which argument of the running process tells that it is ours, in this home. */
    static String mark(String name, Home home) {
        return switch (name) {
            case "redis" -> home.conf().resolve("redis.conf").toString();
            case "rabbitmq" -> RabbitServer.erlangHome(home).toString();
            case "mysql" -> "--datadir=" + home.data("mysql");
            case StackRecord.PROMETHEUS -> "--config.file=" + PrometheusServer.configuration(home);
            default -> throw new IllegalArgumentException(name + " is no server");
        };
    }
}
