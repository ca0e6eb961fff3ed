package io.seckill.gateway;

import io.seckill.schema.fault.TcpProxy;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** One more gateway, with proxies of its own before Redis and MySQL, which fail as a test wants. */
final class ProxiedGateway implements AutoCloseable {
    static final int MYSQL_TIMEOUT_MS = 500;

    final TcpProxy redis;
    final TcpProxy mysql;

    private final GatewayFixture shop;
    private final TestGateway gateway;

    /** Ready when this returns. */
    ProxiedGateway(GatewayFixture shop, Map<String, String> settings) throws Exception {
        this.shop = shop;
        URI direct = URI.create(shop.settings().redisUri());
        redis = new TcpProxy(direct.getHost(), direct.getPort());
        mysql = new TcpProxy(shop.settings().mysqlHost(), shop.settings().mysqlPort());
        Map<String, String> all = new HashMap<>(Map.of(
                "SECKILL_REDIS_URI",
                shop.settings().redisUri().replace(":" + direct.getPort(), ":" + redis.port()),
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

    boolean isReady() {
        return gateway.isReady();
    }

    @Override
    public void close() throws Exception {
        shop.stop(gateway);
        redis.close();
        mysql.close();
    }
}
