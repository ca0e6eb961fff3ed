package io.seckill.loadtest.bench;

import com.rabbitmq.client.AMQP;
import io.seckill.gateway.http.Identity;
import io.seckill.gateway.http.JwtKeys;
import io.seckill.gateway.http.TokenRules;
import io.seckill.gateway.http.TokenVerifier;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.config.RedisAddress;
import io.seckill.schema.config.ServerAddress;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.FunctionLibrary;
import io.seckill.schema.redis.RedisLink;
import io.seckill.schema.redis.ReserveOutcome;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * The pipeline that one would write first, for comparison: each request has a call of Redis and a confirm of RabbitMQ of its
 * own, as many at a time as there are requests. It decides by the same function, checks tokens with the same class and
 * sends the same message. Orders go to a queue that nobody reads. Started as a process of its own, on one event loop:
 *
 * <pre>SECKILL_REDIS_URI=… SECKILL_AMQP_URI=… SECKILL_JWT_KEYS=… java … io.seckill.loadtest.bench.NaiveShop PORT</pre>
 */
public final class NaiveShop {
    private static final int TIMEOUT_MS = 10_000;
    private static final int LEASE_MS = 60_000;
    private static final int EPOCH = 1;
    private static final String QUEUE = "bench.naive";
    private static final int SALE_ID_AT = "/api/v1/sales/".length();

    private final RedisLink redis;
    private final SeckillFunctions functions;
    private final AmqpLink amqp;
    private final TokenVerifier tokens;

    private record One(String userId, int quantity) implements SeckillFunctions.Purchase {}

    private NaiveShop(Vertx vertx, Map<String, String> environment) {
        redis = new RedisLink(
                        vertx,
                        RedisAddress.plain(environment.get("SECKILL_REDIS_URI")),
                        "naive",
                        TIMEOUT_MS,
                        FunctionLibrary.shipped()::ensure)
                .open();
        functions = new SeckillFunctions(redis);
        amqp = new AmqpLink(
                        vertx,
                        ServerAddress.plain(environment.get("SECKILL_AMQP_URI")),
                        "naive",
                        TIMEOUT_MS,
                        opened -> opened.onChannel(channel ->
                                channel.queueDeclare(QUEUE, true, false, false, Map.of("x-queue-type", "quorum"))))
                .open();
        tokens = new TokenVerifier(
                JwtKeys.parse(environment.get("SECKILL_JWT_KEYS")),
                new TokenRules(environment.getOrDefault("SECKILL_JWT_AUDIENCE", "seckill"), TokenRules.ROLE_CLAIM),
                System::currentTimeMillis);
    }

    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        vertx.runOnContext(v -> {
            NaiveShop shop = new NaiveShop(vertx, System.getenv());
            vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(Integer.parseInt(args[0])))
                    .requestHandler(shop::buy)
                    .listen()
                    .onSuccess(server -> System.out.println("listening"))
                    .onFailure(e -> {
                        System.err.println(e.getMessage());
                        System.exit(1);
                    });
        });
    }

    private void buy(HttpServerRequest request) {
        Identity buyer = tokens.verify(request.getHeader("authorization"));
        if (buyer == null || amqp.current() == null || !redis.isUp()) {
            request.response().setStatusCode(buyer == null ? 401 : 503).end();
            return;
        }
        String path = request.path();
        String saleId = path.substring(SALE_ID_AT, path.indexOf('/', SALE_ID_AT));
        functions
                .reserve(SaleKeys.of(saleId), EPOCH, LEASE_MS, List.of(), List.of(new One(buyer.userId(), 1)))
                .compose(reply -> confirmed(saleId, buyer.userId(), reply))
                .onSuccess(lot -> accept(request, buyer.userId(), lot))
                .onFailure(e -> request.response().setStatusCode(503).end());
    }

    private Future<Lot> confirmed(String saleId, String userId, ReserveReply reply) {
        if (!(reply instanceof ReserveReply.Decided decided)
                || !(decided.outcomes().get(0) instanceof ReserveOutcome.Accepted accepted)) {
            return Future.failedFuture("not sold");
        }
        Lot lot = new Lot(
                saleId,
                decided.epoch(),
                decided.seq(),
                decided.nowMs(),
                decided.paymentWindowSeconds(),
                List.of(new OrderLine(userId, 1, accepted.attempt())));
        AMQP.BasicProperties properties = Topology.orderBatchProperties();
        return amqp.current()
                .publish("", QUEUE, properties, new OrderBatch(List.of(lot)).encode())
                .map(lot);
    }

    private static void accept(HttpServerRequest request, String userId, Lot lot) {
        String id = OrderIds.of(lot.saleId(), userId, 1).toString();
        request.response()
                .setStatusCode(202)
                .putHeader("content-type", "application/json")
                .putHeader("location", "/api/v1/orders/" + id)
                .end(new JsonObject()
                        .put("id", id)
                        .put("saleId", lot.saleId())
                        .put("userId", userId)
                        .put("quantity", 1)
                        .put("state", "queued")
                        .put("createdAt", lot.createdAt().toString())
                        .put("payBy", lot.payBy().toString())
                        .toBuffer());
    }
}
