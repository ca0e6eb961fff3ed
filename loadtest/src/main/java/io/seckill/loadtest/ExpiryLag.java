package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How promptly a sale's unpaid orders expired: waits until all units are on sale again, then tells, of each order, the time
 * from the end of its payment window to its expiry by MySQL's clock. {@code loadtest/wrk/expiry.sh} runs it.
 */
public final class ExpiryLag {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LOOK_EVERY_MS = 20;

    private final Vertx vertx;
    private final Pool mysql;
    private final HttpClient http;
    private final String sale;
    private final String saleId;

    private ExpiryLag(Vertx vertx, StackAddress stack, String saleId) {
        this.vertx = vertx;
        this.saleId = saleId;
        this.sale = stack.gateways().get(0) + "/api/v1/sales/" + saleId;
        this.http = vertx.createHttpClient();
        this.mysql = MySQLBuilder.pool()
                .connectingTo(new MySQLConnectOptions()
                        .setHost(stack.mysqlHost())
                        .setPort(stack.mysqlPort())
                        .setUser(stack.mysqlUser())
                        .setPassword(stack.mysqlPassword())
                        .setDatabase(stack.mysqlDatabase()))
                .using(vertx)
                .build();
    }

    /** Takes a sale's id; where the stack is, the environment says. Exit 0, or 1 with what went wrong, or 2. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length != 1) {
            System.err.println("usage: ExpiryLag SALE_ID, with the variables of the stack's env file");
            System.exit(2);
        }
        Vertx vertx = Vertx.vertx();
        Future<String> report = Future.future(
                told -> vertx.runOnContext(v -> new ExpiryLag(vertx, StackAddress.from(System::getenv), args[0])
                        .measure()
                        .onComplete(told)));
        try {
            System.out.println(Blocking.await(report, PATIENCE));
            System.exit(0);
        } catch (Blocking.FailedException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private Future<String> measure() {
        return awaitAllFree()
                .compose(v -> mysql.preparedQuery("SELECT TIMESTAMPDIFF(MICROSECOND, pay_by, settled_at) DIV"
                                + " 1000 AS lag FROM orders WHERE sale_id = ? AND state = 'expired' ORDER BY lag")
                        .execute(Tuple.of(saleId))
                        .map(rows -> {
                            List<Long> lags = new ArrayList<>(rows.size());
                            rows.forEach(row -> lags.add(row.getLong("lag")));
                            return lags.isEmpty() ? "no order of this sale expired" : report(lags);
                        }));
    }

    private static String report(List<Long> sorted) {
        return "%,d orders expired after the end of their window: p50 %d ms, p90 %d ms, p99 %d ms, max %d ms"
                .formatted(
                        sorted.size(),
                        percentile(sorted, 50),
                        percentile(sorted, 90),
                        percentile(sorted, 99),
                        sorted.get(sorted.size() - 1));
    }

    static long percentile(List<Long> sorted, int percent) {
        return sorted.get((int) Math.min(sorted.size() - 1, (long) sorted.size() * percent / 100));
    }

    /** Completes when the gateway shows the whole stock as remaining. */
    private Future<Void> awaitAllFree() {
        return http.request(new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(sale))
                .compose(request -> request.send())
                .compose(response -> response.body())
                .compose(body -> {
                    var shown = body.toJsonObject();
                    if (shown.getInteger("remaining", -1).equals(shown.getInteger("stock"))) {
                        return Future.succeededFuture();
                    }
                    return vertx.timer(LOOK_EVERY_MS, TimeUnit.MILLISECONDS).compose(v -> awaitAllFree());
                });
    }
}
