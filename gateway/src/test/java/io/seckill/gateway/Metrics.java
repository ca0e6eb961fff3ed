package io.seckill.gateway;

import io.vertx.core.http.HttpMethod;
import java.util.function.Predicate;

/** What a gateway's {@code /metrics} says. */
final class Metrics {
    private Metrics() {}

    /** The sum of a metric's series; 0 if there is none. */
    static double value(GatewayFixture shop, int gateway, String name) throws Exception {
        return sum(shop, gateway, line -> line.startsWith(name + "{") || line.startsWith(name + " "));
    }

    /** One series, its labels included; 0 if it is not there. */
    static double series(GatewayFixture shop, int gateway, String series) throws Exception {
        return sum(shop, gateway, line -> line.startsWith(series + " "));
    }

    private static double sum(GatewayFixture shop, int gateway, Predicate<String> wanted) throws Exception {
        return Await.result(shop.management(gateway, HttpMethod.GET, "/metrics").send())
                .bodyAsString()
                .lines()
                .filter(wanted)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
