package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.ReserveReply;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Buying again, at once and from everywhere: one order, one promise, one unit. */
class RetryIT {
    private static GatewayFixture shop;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(2);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @BeforeEach
    void empty() throws Exception {
        shop.take(shop.topology().orderQueue());
    }

    @Test
    void shouldTellARetryTheSameOnEveryGateway() throws Exception {
        String saleId = shop.sale(5);
        HttpResponse<Buffer> first = shop.buy(0, saleId, "ann");
        assertNull(first.getHeader("idempotent-replayed"));

        for (int gateway = 0; gateway < 2; gateway++) {
            assertReplayed(first, shop.buy(gateway, saleId, "ann"));
        }
        assertEquals(4, shop.remaining(saleId));
    }

    @Test
    void shouldTellARetryTheSameAfterTheSaleSoldOut() throws Exception {
        String saleId = shop.sale(2);
        HttpResponse<Buffer> first = shop.buy(0, saleId, "ann");
        Answers.accepted(shop.buy(1, saleId, "bob"));
        for (int i = 0; i < 2; i++) {
            int gateway = i;
            Await.equal(
                    "sold_out", "the sale's state", () -> shop.get(gateway, GatewayFixture.SALES + "/" + saleId, null)
                            .bodyAsJsonObject()
                            .getString("state"));
            // Time and again: the gateways learn meanwhile who the holders are.
            for (int again = 0; again < 20; again++) {
                assertReplayed(first, shop.buy(gateway, saleId, "ann"));
                Answers.problem(409, "sold_out", shop.buy(gateway, saleId, "stranger"));
            }
        }
        assertEquals(0, shop.remaining(saleId));
    }

    @Test
    void shouldMakeOneOrderOfParallelRequestsOfOneUser() throws Exception {
        String saleId = shop.sale(50);
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            answers.add(shop.buying(i % 2, saleId, "ann", null));
        }
        Await.result(Future.all(answers));

        Set<String> ids = new HashSet<>();
        int fresh = 0;
        for (Future<HttpResponse<Buffer>> answer : answers) {
            ids.add(Answers.accepted(answer.result()).getString("id"));
            fresh += answer.result().getHeader("idempotent-replayed") == null ? 1 : 0;
        }
        assertEquals(1, ids.size());
        assertEquals(1, fresh);
        assertEquals(49, shop.remaining(saleId));
        assertEquals(Set.of("ann"), queuedUsers(saleId));
    }

    @Test
    void shouldSellExactlyTheStockToACrowd() throws Exception {
        String saleId = shop.sale(100);
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int buyer = 0; buyer < 600; buyer++) {
            answers.add(shop.buying(buyer % 2, saleId, "buyer" + buyer, null));
            answers.add(shop.buying(buyer % 2, saleId, "buyer" + buyer, null));
        }
        Await.result(Future.all(answers));

        Set<String> buyers = new TreeSet<>();
        for (Future<HttpResponse<Buffer>> answer : answers) {
            if (answer.result().statusCode() == 202) {
                buyers.add(Answers.accepted(answer.result()).getString("userId"));
            } else {
                Answers.problem(409, "sold_out", answer.result());
            }
        }
        assertEquals(100, buyers.size());
        assertEquals(0, shop.remaining(saleId));
        assertEquals(buyers, queuedUsers(saleId));
    }

    // Its gateway died between Redis and RabbitMQ; the lease keeps the relays away, so the retry alone can publish it.
    @Test
    void shouldPublishForEveryBuyerOfALotThatNobodyPublished() throws Exception {
        String saleId = shop.sale(5);
        reserve(saleId, "ann", "bob", "cid");

        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            for (String user : new String[] {"ann", "bob", "cid"}) {
                answers.add(shop.buying(0, saleId, user, null));
            }
        }
        Await.result(Future.all(answers));

        for (Future<HttpResponse<Buffer>> answer : answers) {
            Answers.accepted(answer.result());
            assertEquals("true", answer.result().getHeader("idempotent-replayed"));
        }
        assertEquals(2, shop.remaining(saleId));
        assertEquals(Set.of("ann", "bob", "cid"), queuedUsers(saleId));
    }

    private static void reserve(String saleId, String... users) throws Exception {
        List<OrderLineOf> purchases = new ArrayList<>();
        for (String user : users) {
            purchases.add(new OrderLineOf(user, 1));
        }
        ReserveReply reply =
                shop.functions(functions -> functions.reserve(SaleKeys.of(saleId), 1, 60_000, List.of(), purchases));
        assertTrue(reply instanceof ReserveReply.Decided, () -> String.valueOf(reply));
    }

    record OrderLineOf(String userId, int quantity) implements SeckillFunctions.Purchase {}

    private static void assertReplayed(HttpResponse<Buffer> first, HttpResponse<Buffer> again) {
        assertEquals(Answers.accepted(first), Answers.accepted(again));
        assertEquals("true", again.getHeader("idempotent-replayed"));
    }

    private static Set<String> queuedUsers(String saleId) throws Exception {
        Set<String> users = new TreeSet<>();
        for (OrderBatch batch : shop.take(shop.topology().orderQueue())) {
            assertTrue(batch.orders() <= OrderBatch.MAX_ORDERS, () -> batch.orders() + " orders in a message");
            for (Lot lot : batch.lots()) {
                assertEquals(saleId, lot.saleId());
                users.addAll(lot.orders().stream().map(OrderLine::userId).toList());
            }
        }
        return users;
    }
}
