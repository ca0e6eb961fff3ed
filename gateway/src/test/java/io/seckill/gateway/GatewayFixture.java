package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.Channel;
import io.seckill.gateway.http.TestTokens;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.config.ServerSettings;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SaleStatus;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Gateways on real servers, with a database and queues of their own, and a shopper's and an operator's way to ask them. */
public final class GatewayFixture implements AutoCloseable {
    public static final String SALES = "/api/v1/sales";

    private static final String ADMIN_SALES = "/admin/v1/sales";

    private final Vertx vertx = Vertx.vertx();
    private final Backends servers = new Backends(vertx);
    private final Context context = vertx.getOrCreateContext();
    private final TestTokens tokens = new TestTokens(vertx);
    private final WebClient web = WebClient.create(
            vertx, new WebClientOptions().setFollowRedirects(false), new PoolOptions().setHttp1MaxSize(256));
    private final List<TestGateway> gateways = new ArrayList<>();
    private RedisLink redis;
    private int sales;

    /** That many gateways that are ready. */
    public GatewayFixture(int count) throws Exception {
        context.runOnContext(v -> redis = redisLink("tests").open());
        for (int i = 0; i < count; i++) {
            start(Map.of());
        }
        for (TestGateway gateway : gateways) {
            Await.until("the gateway is ready", gateway::isReady);
        }
        Await.until("the test's own connection to Redis", () -> redis != null && redis.isUp());
    }

    /** One more gateway, not waited for until it is ready. */
    public TestGateway start(Map<String, String> settings) throws Exception {
        Map<String, String> environment = new HashMap<>(servers.environment());
        environment.putAll(settings);
        TestGateway gateway = new TestGateway(environment);
        gateways.add(gateway);
        return gateway;
    }

    public TestGateway gateway(int index) {
        return gateways.get(index);
    }

    public void stop(TestGateway gateway) throws Exception {
        gateways.remove(gateway);
        gateway.stop();
    }

    /** A sale that is open on all gateways. */
    public String sale(int stock) throws Exception {
        return sale(new JsonObject().put("stock", stock));
    }

    /** A sale with these terms, which all gateways know. */
    public String sale(JsonObject terms) throws Exception {
        JsonObject sale = terms(terms);
        HttpResponse<Buffer> created = admin(0, HttpMethod.POST, ADMIN_SALES, sale);
        assertEquals(201, created.statusCode(), created::bodyAsString);
        String saleId = sale.getString("id");
        awaitKnown(saleId);
        return saleId;
    }

    /** Waits until Redis and every gateway know that this sale is there. */
    public void awaitKnown(String saleId) throws Exception {
        for (int i = 0; i < gateways.size(); i++) {
            int gateway = i;
            Await.until("the gateway knows the sale", () -> {
                HttpResponse<Buffer> sale = get(gateway, SALES + "/" + saleId, null);
                return sale.statusCode() == 200
                        && !sale.bodyAsJsonObject().getString("state").equals("recovering");
            });
        }
    }

    /** A whole sale of these terms, with an id of its own. */
    public JsonObject terms(JsonObject some) {
        return new JsonObject()
                .put("id", newSaleId())
                .put("title", "Phone")
                .put("price", new JsonObject().put("amount", 990).put("currency", "CNY"))
                .put("maxPerUser", 3)
                .put("stock", 10)
                .put("startsAt", Instant.now().minusSeconds(60).toString())
                .put("endsAt", Instant.now().plusSeconds(3_600).toString())
                .mergeIn(some);
    }

    public String newSaleId() {
        return "t" + servers.id + "-" + sales++;
    }

    public HttpResponse<Buffer> buy(int gateway, String saleId, String user) throws Exception {
        return Await.result(buying(gateway, saleId, user, null));
    }

    public HttpResponse<Buffer> buy(int gateway, String saleId, String user, String json) throws Exception {
        return Await.result(buying(gateway, saleId, user, json));
    }

    public Future<HttpResponse<Buffer>> buying(int gateway, String saleId, String user, String json) {
        HttpRequest<Buffer> request = request(gateway, HttpMethod.POST, SALES + "/" + saleId + "/orders", user);
        return json == null
                ? request.send()
                : request.putHeader("content-type", "application/json").sendBuffer(Buffer.buffer(json));
    }

    /** A shopper's request; no token if the user is null. */
    public HttpRequest<Buffer> request(int gateway, HttpMethod method, String path, String user) {
        HttpRequest<Buffer> request = web.request(method, gateways.get(gateway).port(), "127.0.0.1", path);
        return user == null ? request : request.putHeader("authorization", "Bearer " + tokens.shopper(user));
    }

    public HttpResponse<Buffer> get(int gateway, String path, String user) throws Exception {
        return Await.result(request(gateway, HttpMethod.GET, path, user).send());
    }

    public HttpResponse<Buffer> admin(int gateway, HttpMethod method, String path, JsonObject body) throws Exception {
        HttpRequest<Buffer> request = management(gateway, method, path).putHeader("authorization", adminToken());
        return Await.result(body == null ? request.send() : request.sendJsonObject(body));
    }

    /** A request to the management listener, without a token. */
    public HttpRequest<Buffer> management(int gateway, HttpMethod method, String path) {
        return web.request(method, gateways.get(gateway).managementPort(), "127.0.0.1", path);
    }

    public String adminToken() {
        return "Bearer " + tokens.admin();
    }

    public String token(String user) {
        return "Bearer " + tokens.shopper(user);
    }

    public RedisLink redisLink(String name) {
        return new RedisLink(vertx, servers.settings().redis(), name, 5_000, connection -> Future.succeededFuture());
    }

    /** Calls Redis' functions where the test's connection lives. */
    public <T> T functions(java.util.function.Function<SeckillFunctions, Future<T>> call) throws Exception {
        return onLoop(() -> call.apply(new SeckillFunctions(redis)));
    }

    public void redis(Request request) throws Exception {
        onLoop(() -> redis.send(request));
    }

    public SaleStatus status(String saleId) throws Exception {
        return functions(functions -> functions.status(SaleKeys.of(saleId)));
    }

    public int remaining(String saleId) throws Exception {
        return status(saleId).remaining();
    }

    public <T> T onLoop(Supplier<Future<T>> call) throws Exception {
        Promise<T> result = Promise.promise();
        context.runOnContext(v -> call.get().onComplete(result::succeed, result::fail));
        return Await.result(result.future());
    }

    public Vertx vertx() {
        return vertx;
    }

    public Context context() {
        return context;
    }

    public ServerSettings settings() {
        return servers.settings();
    }

    public Topology topology() {
        return servers.topology;
    }

    public Channel channel() {
        return servers.channel();
    }

    public List<OrderBatch> take(String queue) throws Exception {
        return servers.take(queue);
    }

    public void sql(String sql) throws Exception {
        servers.sql(sql);
    }

    @Override
    public void close() throws Exception {
        for (TestGateway gateway : List.copyOf(gateways)) {
            stop(gateway);
        }
        for (String saleId : servers.saleIds()) {
            SaleKeys keys = SaleKeys.of(saleId);
            redis(Request.cmd(Command.DEL)
                    .arg(keys.sale())
                    .arg(keys.buyers())
                    .arg(keys.outbox())
                    .arg(keys.lots()));
        }
        onLoop(redis::close);
        servers.close();
        Await.result(vertx.close());
    }
}
