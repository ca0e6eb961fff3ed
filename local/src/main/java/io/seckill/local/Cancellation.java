package io.seckill.local;

import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A buyer who cancels her order as soon as it can be paid. Its method blocks. */
final class Cancellation {
    private static final int PATIENCE_S = 30;
    private static final int LOOK_MS = 50;
    private static final Duration TOKEN_TTL = Duration.ofHours(1);

    private final StackAddress address;
    private final TokenMint mint;
    private final String gateway;

    /** @param gateway base URL of the one that she asks */
    Cancellation(StackAddress address, TokenMint mint, String gateway) {
        this.address = address;
        this.mint = mint;
        this.gateway = gateway;
    }

    /** Sends it, for one unpaid order of the newest sale, and waits for an answer, or for the end of the connection. */
    void send() {
        Vertx vertx = Vertx.vertx();
        try {
            MySQLConnection.connect(
                            vertx,
                            new MySQLConnectOptions()
                                    .setHost(address.mysqlHost())
                                    .setPort(address.mysqlPort())
                                    .setUser(address.mysqlUser())
                                    .setPassword(address.mysqlPassword())
                                    .setDatabase(address.mysqlDatabase()))
                    .compose(connection -> unpaid(vertx, connection))
                    .compose(order -> cancel(vertx.createHttpClient(), order))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new LaunchFailure("no order could be cancelled: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchFailure("interrupted", e);
        } finally {
            vertx.close();
        }
    }

    private Future<Row> unpaid(Vertx vertx, MySQLConnection connection) {
        return connection
                .preparedQuery("SELECT order_id, user_id FROM orders WHERE state = ? AND sale_id ="
                        + " (SELECT sale_id FROM sale_row ORDER BY created_at DESC, sale_id LIMIT 1) LIMIT 1")
                .execute(Tuple.of("pending_payment"))
                .compose((RowSet<Row> rows) -> rows.size() > 0
                        ? Future.succeededFuture(rows.iterator().next())
                        : vertx.timer(LOOK_MS, TimeUnit.MILLISECONDS).compose(v -> unpaid(vertx, connection)));
    }

    // A gateway that dies on the way to its answer is what is wanted.
    private Future<Void> cancel(HttpClient client, Row order) {
        String token = mint.mint(order.getString("user_id"), null, TOKEN_TTL);
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(gateway + "/api/v1/orders/" + order.getString("order_id") + "/cancel"))
                .compose(request -> sent(request.putHeader("authorization", "Bearer " + token)));
    }

    private static Future<Void> sent(HttpClientRequest request) {
        return request.send().<Void>mapEmpty().otherwiseEmpty();
    }
}
