package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.fault.TcpProxy;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lost replies, floods and ends in the middle: units are conserved, and each promise is kept. */
class FaultIT {
    private GatewayFixture shop;

    @BeforeEach
    void start() throws Exception {
        shop = new GatewayFixture(1);
    }

    @AfterEach
    void stop() throws Exception {
        shop.close();
    }

    @Test
    void shouldSayThatTheOutcomeIsUnknownWhenRedisReplyIsLost() throws Exception {
        String saleId = shop.sale(5);
        URI redis = URI.create(shop.settings().redis().uri());
        try (TcpProxy proxy = new TcpProxy(redis.getHost(), redis.getPort())) {
            String uri = shop.settings().redis().uri().replace(":" + redis.getPort(), ":" + proxy.port());
            TestGateway unlucky = shop.start(Map.of("SECKILL_REDIS_URI", uri, "SECKILL_REDIS_TIMEOUT_MS", "500"));
            Await.until("the gateway is ready", unlucky::isReady);
            shop.awaitKnown(saleId);
            proxy.loseReplyTo("seckill_reserve");

            String orderId = Answers.problem(503, "outcome_unknown", shop.buy(1, saleId, "ann"))
                    .getString("orderId");

            Await.equal(202, "the answer to the retry", () -> shop.buy(1, saleId, "ann")
                    .statusCode());
            JsonObject order = Answers.accepted(shop.buy(0, saleId, "ann"));
            assertEquals(orderId, order.getString("id"));
            assertEquals(4, shop.remaining(saleId));
            assertEquals(Set.of("ann"), queuedUsers());
            shop.stop(unlucky);
        }
    }

    @Test
    void shouldShedWhatItHasNoRoomFor() throws Exception {
        String saleId = shop.sale(500);
        TestGateway narrow = shop.start(Map.of("SECKILL_MAX_IN_FLIGHT", "2"));
        Await.until("the gateway is ready", narrow::isReady);
        shop.awaitKnown(saleId);

        List<Future<HttpResponse<Buffer>>> answers = rush(1, saleId, 200);
        Await.result(Future.join(answers));

        Set<String> buyers = new TreeSet<>();
        for (Future<HttpResponse<Buffer>> answer : answers) {
            if (answer.result().statusCode() == 202) {
                buyers.add(Answers.accepted(answer.result()).getString("userId"));
            } else {
                Answers.problem(503, "overloaded", answer.result());
            }
        }
        assertTrue(!buyers.isEmpty());
        assertEquals(500 - buyers.size(), shop.remaining(saleId));
        assertEquals(buyers, queuedUsers());
    }

    @Test
    void shouldKeepEveryPromiseWhenAGatewayEndsInTheMiddle() throws Exception {
        String saleId = shop.sale(500);
        TestGateway ending = shop.start(Map.of());
        Await.until("the gateway is ready", ending::isReady);
        shop.awaitKnown(saleId);

        List<Future<HttpResponse<Buffer>>> answers = rush(1, saleId, 400);
        Await.until("some are answered", () -> answers.stream().anyMatch(Future::succeeded));
        shop.stop(ending);
        Await.result(Future.join(answers).transform(done -> Future.succeededFuture()));

        Set<String> promised = new TreeSet<>();
        for (Future<HttpResponse<Buffer>> answer : answers) {
            if (answer.succeeded()) {
                promised.add(Answers.accepted(answer.result()).getString("userId"));
            }
        }
        Await.until("all lots are trimmed", () -> shop.status(saleId).unconfirmed() == 0);
        Set<String> queued = queuedUsers();
        assertTrue(queued.containsAll(promised));
        assertEquals(500 - queued.size(), shop.remaining(saleId));
    }

    private List<Future<HttpResponse<Buffer>>> rush(int gateway, String saleId, int buyers) {
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < buyers; i++) {
            answers.add(shop.buying(gateway, saleId, "buyer" + i, null));
        }
        return answers;
    }

    private Set<String> queuedUsers() throws Exception {
        Set<String> users = new TreeSet<>();
        for (OrderBatch batch : shop.take(shop.topology().orderQueue())) {
            for (Lot lot : batch.lots()) {
                users.addAll(lot.orders().stream().map(OrderLine::userId).toList());
            }
        }
        return users;
    }
}
