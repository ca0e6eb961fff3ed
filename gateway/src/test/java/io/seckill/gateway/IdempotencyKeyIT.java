package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key stands for one call of one user, and for nothing else, for a day. */
class IdempotencyKeyIT {
    private static GatewayFixture shop;
    private static OrderBook book;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(2);
        book = new OrderBook(shop);
    }

    @AfterAll
    static void stop() throws Exception {
        book.close();
        shop.close();
    }

    @Test
    void shouldMakeOneOrderOfParallelCallsOfOneKey() throws Exception {
        String saleId = shop.sale(50);
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(buying(i % 2, saleId, "ann", "k", null));
        }
        Await.result(Future.all(answers));

        String id = Answers.accepted(answers.get(0).result()).getString("id");
        int fresh = 0;
        for (Future<HttpResponse<Buffer>> answer : answers) {
            assertEquals(id, Answers.accepted(answer.result()).getString("id"));
            fresh += answer.result().getHeader("idempotent-replayed") == null ? 1 : 0;
        }
        assertEquals(1, fresh);
        assertEquals(49, shop.remaining(saleId));
        book.storeAll();
    }

    @Test
    void shouldRefuseAKeyThatWasUsedForSomethingElse() throws Exception {
        String saleId = shop.sale(5);
        String other = shop.sale(5);
        JsonObject order = Answers.accepted(buy(0, saleId, "bob", "k", null));
        book.storeAll();

        Answers.problem(422, "idempotency_key_reused", buy(1, other, "bob", "k", null));
        Answers.problem(422, "idempotency_key_reused", buy(1, saleId, "bob", "k", "{\"quantity\":2}"));
        Answers.problem(422, "idempotency_key_reused", act(0, "cancel", order.getString("id"), "bob", "k"));
        Answers.problem(422, "idempotency_key_reused", act(0, "payment", order.getString("id"), "bob", "k"));
        assertEquals(4, shop.remaining(saleId));
        assertEquals(5, shop.remaining(other));
        Answers.accepted(buy(1, other, "cid", "k", null));
        book.storeAll();
    }

    @Test
    void shouldNotBuyASecondTimeWithTheKeyOfACancelledOrder() throws Exception {
        String saleId = shop.sale(5);
        JsonObject first = Answers.accepted(buy(0, saleId, "dan", "late", null));
        book.storeAll();
        assertEquals(200, act(1, "cancel", first.getString("id"), "dan", "c").statusCode());
        assertEquals(200, act(0, "cancel", first.getString("id"), "dan", "c").statusCode());

        HttpResponse<Buffer> late = buy(1, saleId, "dan", "late", null);

        assertEquals(first.getString("id"), Answers.accepted(late).getString("id"));
        assertEquals("cancelled", late.bodyAsJsonObject().getString("state"));
        assertEquals("true", late.getHeader("idempotent-replayed"));
        assertEquals(5, shop.remaining(saleId));
        JsonObject second = Answers.accepted(buy(1, saleId, "dan", "new", null));
        assertNotEquals(first.getString("id"), second.getString("id"));
        book.storeAll();
    }

    @Test
    void shouldRememberNothingOfWhoIsSentAwayAtTheDoor() throws Exception {
        String early = shop.sale(new JsonObject()
                .put("startsAt", java.time.Instant.now().plusSeconds(600).toString()));
        String open = shop.sale(5);

        Answers.problem(409, "not_started", buy(0, early, "eve", "k", null));

        HttpResponse<Buffer> bought = buy(0, open, "eve", "k", null);
        Answers.accepted(bought);
        assertNull(bought.getHeader("idempotent-replayed"));
        book.storeAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "tab\there", "umläut"})
    void shouldRefuseWhatIsNoKey(String key) throws Exception {
        String saleId = shop.sale(5);

        Answers.problem(400, "invalid_request", buy(0, saleId, "fay", key, null));
        Answers.problem(400, "invalid_request", buy(0, saleId, "fay", "k".repeat(256), null));
        assertEquals(5, shop.remaining(saleId));
    }

    private static HttpResponse<Buffer> buy(int gateway, String saleId, String user, String key, String json)
            throws Exception {
        return Await.result(buying(gateway, saleId, user, key, json));
    }

    private static Future<HttpResponse<Buffer>> buying(
            int gateway, String saleId, String user, String key, String json) {
        HttpRequest<Buffer> request = shop.request(
                        gateway, HttpMethod.POST, GatewayFixture.SALES + "/" + saleId + "/orders", user)
                .putHeader("idempotency-key", key);
        return json == null
                ? request.send()
                : request.putHeader("content-type", "application/json").sendBuffer(Buffer.buffer(json));
    }

    private static HttpResponse<Buffer> act(int gateway, String action, String orderId, String user, String key)
            throws Exception {
        return Await.result(shop.request(gateway, HttpMethod.POST, "/api/v1/orders/" + orderId + "/" + action, user)
                .putHeader("idempotency-key", key)
                .send());
    }
}
