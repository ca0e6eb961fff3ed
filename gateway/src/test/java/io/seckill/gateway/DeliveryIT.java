package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.fault.TcpProxy;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was accepted reaches RabbitMQ whatever fails, and what cannot be promised is not accepted. */
class DeliveryIT {
    private GatewayFixture shop;

    @BeforeEach
    void start() throws Exception {
        shop = new GatewayFixture(2);
    }

    @AfterEach
    void stop() throws Exception {
        shop.close();
    }

    @Test
    void shouldRelayOnceWhatItsGatewayNeverPublished() throws Exception {
        String saleId = shop.sale(5);
        reserveAndDie(saleId, "ann");

        Await.until(
                "the lot was published and trimmed", () -> shop.status(saleId).unconfirmed() == 0);
        // With them gone, nothing of theirs can be on its way.
        shop.stop(shop.gateway(1));
        shop.stop(shop.gateway(0));

        List<OrderBatch> messages = shop.take(shop.topology().orderQueue());
        assertEquals(1, messages.size());
        assertEquals(1, messages.get(0).lots().size());
        assertEquals(
                List.of(new OrderLine("ann", 1, 1)),
                messages.get(0).lots().get(0).orders());
        assertEquals(4, shop.remaining(saleId));
    }

    @Test
    void shouldTrimWhatItSawConfirmed() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "ann"));

        Await.until("the lot was trimmed", () -> shop.status(saleId).unconfirmed() == 0);
        assertEquals(1, shop.take(shop.topology().orderQueue()).size());
    }

    @Test
    void shouldKeepItsPromiseWhenTheQueueIsDeleted() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "ann"));
        shop.channel().queueDelete(shop.topology().orderQueue());

        JsonObject order = Answers.accepted(shop.buy(0, saleId, "bob"));

        List<OrderBatch> messages = shop.take(shop.topology().unroutedQueue());
        assertEquals(1, messages.size());
        OrderLine line = messages.get(0).lots().get(0).orders().get(0);
        assertEquals(OrderIds.of(saleId, line.userId(), 1).toString(), order.getString("id"));
        assertEquals(3, shop.remaining(saleId));
    }

    @Test
    void shouldSayThatTheOutcomeIsUnknownWhenTheConfirmIsLate() throws Exception {
        String saleId = shop.sale(5);
        URI amqp = URI.create(shop.settings().amqp().uri());
        try (TcpProxy proxy = new TcpProxy(amqp.getHost(), amqp.getPort())) {
            TestGateway slow = shop.start(Map.of(
                    "SECKILL_AMQP_URI", shop.settings().amqp().uri().replace(":" + amqp.getPort(), ":" + proxy.port()),
                    "SECKILL_PURCHASE_DEADLINE_MS", "500",
                    "SECKILL_REDIS_TIMEOUT_MS", "400"));
            Await.until("the gateway is ready", slow::isReady);
            proxy.swallowReplies();

            HttpResponse<Buffer> unknown = shop.buy(2, saleId, "ann");
            String orderId = Answers.problem(503, "outcome_unknown", unknown).getString("orderId");
            assertTrue(Integer.parseInt(unknown.getHeader("retry-after")) > 0);

            // The broker took it; the connection is given up, and the next one answers.
            Await.equal(202, "the answer to the retry", () -> shop.buy(2, saleId, "ann")
                    .statusCode());
            JsonObject order = Answers.accepted(shop.buy(0, saleId, "ann"));
            assertEquals(orderId, order.getString("id"));
            assertEquals(4, shop.remaining(saleId));
            shop.stop(slow);
        }
    }

    @Test
    void shouldDeliverByItselfWhatWasCutInTheMiddleOfItsMessage() throws Exception {
        String saleId = shop.sale(5);
        URI amqp = URI.create(shop.settings().amqp().uri());
        try (TcpProxy proxy = new TcpProxy(amqp.getHost(), amqp.getPort())) {
            TestGateway unlucky = shop.start(Map.of(
                    "SECKILL_AMQP_URI",
                    shop.settings().amqp().uri().replace(":" + amqp.getPort(), ":" + proxy.port())));
            Await.until("the gateway is ready", unlucky::isReady);
            shop.awaitKnown(saleId);
            proxy.cutInTheMiddleOf("SKOB");

            String orderId = Answers.problem(503, "outcome_unknown", shop.buy(2, saleId, "ann"))
                    .getString("orderId");

            assertEquals(0, shop.channel().messageCount(shop.topology().orderQueue()), "half a message is none");
            Await.until("a relay sends it", () -> shop.status(saleId).unconfirmed() == 0);
            List<OrderBatch> messages = shop.take(shop.topology().orderQueue());
            assertEquals(1, messages.size());
            assertEquals(
                    List.of(new OrderLine("ann", 1, 1)),
                    messages.get(0).lots().get(0).orders());
            assertEquals(orderId, Answers.accepted(shop.buy(2, saleId, "ann")).getString("id"));
            assertEquals(4, shop.remaining(saleId));
            Await.until("it is ready again", unlucky::isReady);
            shop.stop(unlucky);
        }
    }

    @Test
    void shouldPutTheExchangeBackThatSomebodyDeleted() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "ann"));
        shop.channel().exchangeDelete(shop.topology().orderExchange());

        String orderId = Answers.problem(503, "outcome_unknown", shop.buy(0, saleId, "bob"))
                .getString("orderId");

        Await.equal(
                202, "the answer to the retry", () -> shop.buy(0, saleId, "bob").statusCode());
        assertEquals(orderId, Answers.accepted(shop.buy(1, saleId, "bob")).getString("id"));
        assertEquals(3, shop.remaining(saleId));
        Await.until("all is trimmed", () -> shop.status(saleId).unconfirmed() == 0);
        assertTrue(shop.take(shop.topology().orderQueue()).stream()
                .flatMap(batch -> batch.lots().stream())
                .flatMap(lot -> lot.orders().stream())
                .anyMatch(line -> line.userId().equals("bob")));
    }

    @Test
    void shouldTakeNothingWhileRabbitMqIsAway() throws Exception {
        String saleId = shop.sale(5);
        TestGateway alone = shop.start(Map.of("SECKILL_AMQP_URI", "amqp://guest:guest@127.0.0.1:1"));
        Await.equal(new JsonArray().add("rabbitmq"), "what is missing", () -> ready(2).bodyAsJsonObject()
                .getJsonArray("missing"));

        HttpResponse<Buffer> response = shop.buy(2, saleId, "ann");

        Answers.problem(503, "overloaded", response);
        assertTrue(Integer.parseInt(response.getHeader("retry-after")) > 0);
        assertEquals(5, shop.remaining(saleId));
        shop.stop(alone);
    }

    @Test
    void shouldStartWithoutRedisAndSayWhatIsMissing() throws Exception {
        String saleId = shop.sale(5);
        shop.start(Map.of("SECKILL_REDIS_URI", "redis://127.0.0.1:1"));

        Await.equal(new JsonArray().add("redis"), "what is missing", () -> ready(2).bodyAsJsonObject()
                .getJsonArray("missing"));
        assertEquals(503, ready(2).statusCode());
        assertEquals(
                200,
                Await.result(shop.management(2, HttpMethod.GET, "/health/live").send())
                        .statusCode());
        assertEquals(503, shop.buy(2, saleId, "ann").statusCode());
        assertEquals(
                "recovering",
                shop.get(2, GatewayFixture.SALES + "/" + saleId, null)
                        .bodyAsJsonObject()
                        .getString("state"));
        assertEquals(5, shop.remaining(saleId));
    }

    @Test
    void shouldChangeNothingWhenAGatewayRestarts() throws Exception {
        String saleId = shop.sale(5);
        JsonObject first = Answers.accepted(shop.buy(0, saleId, "ann"));
        shop.stop(shop.gateway(1));
        shop.stop(shop.gateway(0));
        assertEquals(4, shop.remaining(saleId));

        TestGateway fresh = shop.start(Map.of());
        Await.until("the gateway is ready", fresh::isReady);
        shop.awaitKnown(saleId);

        assertEquals(first, Answers.accepted(shop.buy(0, saleId, "ann")));
        assertEquals(4, shop.remaining(saleId));
        Answers.accepted(shop.buy(0, saleId, "bob"));
        assertEquals(3, shop.remaining(saleId));
    }

    private HttpResponse<Buffer> ready(int gateway) throws Exception {
        return Await.result(
                shop.management(gateway, HttpMethod.GET, "/health/ready").send());
    }

    record Buyer(String userId, int quantity) implements SeckillFunctions.Purchase {}

    private void reserveAndDie(String saleId, String user) throws Exception {
        List<Buyer> buyers = new ArrayList<>(List.of(new Buyer(user, 1)));
        assertInstanceOf(
                ReserveReply.Decided.class,
                shop.functions(functions -> functions.reserve(SaleKeys.of(saleId), 1, 100, List.of(), buyers)));
    }
}
