package io.seckill.gateway;

import io.seckill.schema.fault.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** One more gateway, with proxies of its own before Redis, RabbitMQ and MySQL, which fail as a test wants. */
final class ProxiedGateway implements AutoCloseable {
    static final int MYSQL_TIMEOUT_MS = 500;

    final TcpProxy redis;
    final TcpProxy amqp;
    final TcpProxy mysql;

    private final GatewayFixture shop;
    private final TestGateway gateway;

    /** Ready when this returns. */
    ProxiedGateway(GatewayFixture shop, Map<String, String> settings) throws Exception {
        this.shop = shop;
        redis = before(shop.settings().redis().uri());
        amqp = before(shop.settings().amqp().uri());
        mysql = new TcpProxy(shop.settings().mysqlHost(), shop.settings().mysqlPort());
        Map<String, String> all = new HashMap<>(Map.of(
                "SECKILL_REDIS_URI",
                through(redis, shop.settings().redis().uri()),
                "SECKILL_AMQP_URI",
                through(amqp, shop.settings().amqp().uri()),
                "SECKILL_REDIS_TIMEOUT_MS",
                "500",
                "SECKILL_MYSQL_HOST",
                "127.0.0.1",
                "SECKILL_MYSQL_PORT",
                "" + mysql.port(),
                "SECKILL_MYSQL_TIMEOUT_MS",
                "" + MYSQL_TIMEOUT_MS));
        all.putAll(settings);
        gateway = shop.start(all);
        Await.until("the gateway is ready", gateway::isReady);
    }

    private static TcpProxy before(String uri) throws IOException {
        URI direct = URI.create(uri);
        return new TcpProxy(direct.getHost(), direct.getPort());
    }

    private static String through(TcpProxy proxy, String uri) {
        return uri.replace(":" + URI.create(uri).getPort(), ":" + proxy.port());
    }

    /** The gateway itself. */
    TestGateway gateway() {
        return gateway;
    }

    boolean isReady() {
        return gateway.isReady();
    }

    @Override
    public void close() throws Exception {
        shop.stop(gateway);
        redis.close();
        amqp.close();
        mysql.close();
    }
}
