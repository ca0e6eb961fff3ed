package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.payment.PaymentSignature;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Many shoppers, an operator and a payment provider of a stack, at the same time; and a look into its MySQL. */
final class Shoppers implements AutoCloseable {
    private static final Duration TOKEN_TTL = Duration.ofHours(1);
    private static final int CONNECTIONS = 128;

    final StackAddress stack;
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final HttpClient http = vertx.createHttpClient(
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(-1));
    private final TokenMint mint;
    private final PaymentSignature signature;
    private final String provider;
    private final Pool mysql;

    Shoppers(LocalStack local) {
        Map<String, String> addresses = local.addresses();
        stack = StackAddress.from(addresses::get);
        mint = TokenMint.of(local.jwtKeys(), "seckill");
        signature = PaymentSignature.parse(addresses.get(Service.PAYMENT_SECRETS));
        provider = addresses.get(Service.PAYMENT_URL);
        mysql = MySQLBuilder.pool()
                .connectingTo(new MySQLConnectOptions()
                        .setHost(stack.mysqlHost())
                        .setPort(stack.mysqlPort())
                        .setUser(stack.mysqlUser())
                        .setPassword(stack.mysqlPassword())
                        .setDatabase(stack.mysqlDatabase()))
                .using(vertx)
                .build();
    }

    /** An answer; an empty object where it had no body. */
    record Answer(int status, JsonObject json, boolean replayed) {
        String id() {
            return json.getString("id");
        }
    }

    /** A sale that is open on all gateways. */
    String openSale(int units, int paymentWindowSeconds) {
        JsonObject sale = new JsonObject()
                .put("title", "Test")
                .put("stock", units)
                .put("price", new JsonObject().put("amount", 990).put("currency", "CNY"))
                .put("paymentWindowSeconds", paymentWindowSeconds)
                .put("startsAt", Instant.now().minusSeconds(60).toString())
                .put("endsAt", Instant.now().plusSeconds(3_600).toString());
        Answer created = result(operator(0, HttpMethod.POST, "", sale));
        assertEquals(201, created.status, () -> created.json.encode());
        for (int gateway = 0; gateway < stack.gateways().size(); gateway++) {
            int at = gateway;
            await(
                    "the sale is open",
                    () -> sale(at, created.id()).getString("state", "").equals("open"));
        }
        return created.id();
    }

    /** The sale as a gateway shows it. */
    JsonObject sale(int gateway, String saleId) {
        return result(call(HttpMethod.GET, stack.gateways().get(gateway) + "/api/v1/sales/" + saleId, null, null)).json;
    }

    Future<Answer> buy(int gateway, String saleId, String user) {
        return call(
                HttpMethod.POST,
                stack.gateways().get(gateway) + "/api/v1/sales/" + saleId + "/orders",
                token(user, null),
                null);
    }

    Future<Answer> act(int gateway, String action, String orderId, String user) {
        return call(
                HttpMethod.POST,
                stack.gateways().get(gateway) + "/api/v1/orders/" + orderId + "/" + action,
                token(user, null),
                null);
    }

    /** Tells a gateway, as the payment provider would, that an order's price was paid. */
    Future<Answer> paid(int gateway, String paymentId, String orderId) {
        Buffer event = new JsonObject()
                .put("id", "evt_" + paymentId)
                .put("type", "payment.succeeded")
                .put("occurredAt", Instant.now().toString())
                .put(
                        "payment",
                        new JsonObject()
                                .put("id", paymentId)
                                .put("orderId", orderId)
                                .put("amount", 990)
                                .put("currency", "CNY"))
                .toBuffer();
        return send(
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(stack.gateways().get(gateway) + "/api/v1/payments/events")
                        .putHeader(PaymentSignature.HEADER, signature.sign(System.currentTimeMillis(), event)),
                event);
    }

    /** Tells it until it is taken in, as a provider does. */
    Future<Answer> paidAtLast(int gateway, String paymentId, String orderId) {
        return paid(gateway, paymentId, orderId)
                .compose(answer -> answer.status == 503
                        ? vertx.timer(50).compose(v -> paidAtLast(gateway, paymentId, orderId))
                        : Future.succeededFuture(answer));
    }

    /** How the test payment provider is to behave from now on. */
    void providerBehaves(JsonObject behaviour) {
        Answer told = result(call(HttpMethod.PUT, provider + "/behaviour", null, behaviour));
        assertEquals(200, told.status, () -> told.json.encode());
    }

    /** @param path after {@code /admin/v1/sales} */
    Future<Answer> operator(int gateway, HttpMethod method, String path, JsonObject body) {
        return call(
                method, stack.management().get(gateway) + "/admin/v1/sales" + path, token("operator", "admin"), body);
    }

    /** Replays dead letters; the body selects which. */
    JsonObject replay(JsonObject body) {
        String url = stack.management().get(0) + "/admin/v1/dead-letters/replay";
        Answer answer = result(call(HttpMethod.POST, url, token("operator", "admin"), body));
        assertEquals(200, answer.status, () -> answer.json.encode());
        return answer.json;
    }

    /** The user's own look at an order. */
    String state(int gateway, String orderId, String user) {
        return result(call(
                        HttpMethod.GET,
                        stack.gateways().get(gateway) + "/api/v1/orders/" + orderId,
                        token(user, null),
                        null))
                .json
                .getString("state", "");
    }

    JsonObject audit(String saleId) {
        return result(operator(0, HttpMethod.GET, "/" + saleId + "/audit", null)).json;
    }

    void assertBalanced(JsonObject audit) {
        assertEquals(true, audit.getBoolean("balanced"), audit::encode);
        assertEquals(0, audit.getInteger("oversold"), audit::encode);
        assertEquals(0, audit.getInteger("lost"), audit::encode);
    }

    /** Orders of a sale in MySQL, by state. */
    Map<String, Integer> states(String saleId) {
        Map<String, Integer> states = new TreeMap<>();
        result(mysql.query("SELECT state, COUNT(*) FROM orders WHERE sale_id = '" + saleId + "' GROUP BY state")
                        .execute())
                .forEach(row -> states.put(row.getString(0), row.getInteger(1)));
        return states;
    }

    long number(String sql) {
        return result(mysql.query(sql).execute()).iterator().next().getLong(0);
    }

    void sql(String sql) {
        result(mysql.query(sql).execute());
    }

    /** Runs each when its time has come, in ms since 1970. */
    <T> Future<T> at(long ms, java.util.function.Supplier<Future<T>> act) {
        long wait = ms - System.currentTimeMillis();
        return wait <= 0 ? act.get() : vertx.timer(wait, TimeUnit.MILLISECONDS).compose(v -> act.get());
    }

    /** All results, in order; the first failure fails the test. */
    static <T> List<T> results(List<Future<T>> futures) {
        result(Future.all(futures));
        List<T> results = new ArrayList<>();
        futures.forEach(future -> results.add(future.result()));
        return results;
    }

    static <T> T result(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void await(String what, java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "waited in vain: " + what);
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private String token(String user, String role) {
        return mint.mint(user, role, TOKEN_TTL);
    }

    private Future<Answer> call(HttpMethod method, String url, String token, JsonObject body) {
        RequestOptions request = new RequestOptions().setMethod(method).setAbsoluteURI(url);
        if (token != null) {
            request.putHeader("authorization", "Bearer " + token);
        }
        if (body != null) {
            request.putHeader("content-type", "application/json");
        }
        return send(request, body == null ? Buffer.buffer() : body.toBuffer());
    }

    // All from one event loop: a request that is made on another thread than its connection's may wait for ever.
    private Future<Answer> send(RequestOptions options, Buffer body) {
        Promise<Answer> answered = Promise.promise();
        context.runOnContext(v -> http.request(options.setTimeout(20_000))
                .compose(request -> request.send(body))
                .compose(response -> response.body()
                        .map(text -> new Answer(
                                response.statusCode(),
                                text.length() == 0 ? new JsonObject() : new JsonObject(text),
                                response.getHeader("idempotent-replayed") != null)))
                .onComplete(answered));
        return answered.future();
    }

    @Override
    public void close() {
        result(mysql.close());
        result(http.close());
        result(vertx.close());
    }
}
