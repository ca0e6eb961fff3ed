package io.seckill.gateway;

import io.vertx.core.http.HttpMethod;

/** What a gateway's {@code /metrics} says. */
final class Metrics {
    private Metrics() {}

    /** The sum of a metric's series; 0 if there is none. */
    static double value(GatewayFixture shop, int gateway, String name) throws Exception {
        String page = Await.result(
                        shop.management(gateway, HttpMethod.GET, "/metrics").send())
                .bodyAsString();
        return page.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
