package io.seckill.loadtest.scenario;

import io.seckill.loadtest.DemoSale;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.StackApi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The sales of one scenario, open on all gateways. */
record Sales(String gateway, List<String> ids, List<Integer> stocks) {
    /** Longer than any run: what expires is not what this measures. */
    private static final int PAYMENT_WINDOW_S = 6 * 3_600;

    private static final Duration OPEN_PATIENCE = Duration.ofSeconds(30);

    static Future<Sales> open(Vertx vertx, StackApi api, StackAddress address, String title, List<Integer> stocks) {
        DemoSale sale = new DemoSale(vertx, api, address.gateways());
        List<Future<String>> opened = new ArrayList<>();
        for (int i = 0; i < stocks.size(); i++) {
            String name = stocks.size() == 1 ? title : title + " " + (i + 1);
            opened.add(sale.create("Load test: " + name, stocks.get(i), PAYMENT_WINDOW_S)
                    .compose(id -> sale.open(id, OPEN_PATIENCE).map(id)));
        }
        return Future.all(opened)
                .map(all -> new Sales(
                        address.gateways().get(0),
                        opened.stream().map(Future::result).toList(),
                        stocks));
    }

    long stock() {
        return stocks.stream().mapToLong(Integer::longValue).sum();
    }
}
