package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.OrderIds;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancelling an order, and buying again. */
class CancelIT {
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
    void shouldGiveTheUnitBackBeforeItAnswersAndSellItAnew() throws Exception {
        String saleId = shop.sale(1);
        JsonObject first = book.buy(saleId, "ann");
        for (int gateway = 0; gateway < 2; gateway++) {
            int at = gateway;
            Await.equal(409, "sold out", () -> shop.buy(at, saleId, "stranger").statusCode());
        }

        HttpResponse<Buffer> cancelled = book.act(0, "cancel", first.getString("id"), "ann");

        assertEquals(200, cancelled.statusCode(), cancelled::bodyAsString);
        assertEquals("cancelled", cancelled.bodyAsJsonObject().getString("state"));
        assertEquals(1, shop.remaining(saleId));
        JsonObject second = Answers.accepted(shop.buy(0, saleId, "ann"));
        assertEquals(OrderIds.of(saleId, "ann", 2).toString(), second.getString("id"));
        assertNotEquals(first.getString("id"), second.getString("id"));
        book.storeAll();
        assertEquals("1", book.text("SELECT sold FROM sale_row WHERE sale_id = '" + saleId + "'"));
        assertEquals("0", book.text("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL"));
        assertTrue(audit(saleId).getBoolean("balanced"));
    }

    @Test
    void shouldMakeAFreedUnitBuyableOnTheOtherGatewayWithinASecond() throws Exception {
        String saleId = shop.sale(1);
        JsonObject order = book.buy(saleId, "ann");
        Await.equal(409, "sold out there", () -> shop.buy(1, saleId, "bob").statusCode());
        long began = System.nanoTime();

        book.act(0, "cancel", order.getString("id"), "ann");
        Await.equal(202, "bought there", () -> shop.buy(1, saleId, "bob").statusCode());

        assertTrue(System.nanoTime() - began < 1_000_000_000L, "within a second");
        Await.equal(409, "sold out here", () -> shop.buy(0, saleId, "ann").statusCode());
    }

    @Test
    void shouldCancelOnceHoweverOftenItIsAsked() throws Exception {
        String saleId = shop.sale(5);
        JsonObject order = book.buy(saleId, "ann");
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(book.acting(i % 2, "cancel", order.getString("id"), "ann"));
        }
        Await.result(Future.all(answers));

        answers.forEach(answer -> assertEquals(200, answer.result().statusCode(), answer.result()::bodyAsString));
        assertEquals(5, shop.remaining(saleId));
        assertEquals("0", book.text("SELECT sold FROM sale_row WHERE sale_id = '" + saleId + "'"));
        assertEquals("1", book.text("SELECT COUNT(*) FROM restock WHERE sale_id = '" + saleId + "'"));
        assertEquals("1", book.text("SELECT COUNT(*) FROM order_event WHERE sale_id = '" + saleId + "'"));
    }

    @Test
    void shouldNotCancelWhatIsPaidOrOver() throws Exception {
        String saleId = shop.sale(5);
        JsonObject paid = book.buy(saleId, "payer");
        JsonObject due = book.buy(saleId, "sleeper");
        shop.sql("UPDATE orders SET state = 'paid' WHERE order_id = '" + paid.getString("id") + "'");
        book.makeDue(due.getString("id"));

        Answers.problem(409, "not_cancellable", book.act(0, "cancel", paid.getString("id"), "payer"));
        Answers.problem(409, "not_cancellable", book.act(1, "cancel", due.getString("id"), "sleeper"));
        shop.sql("UPDATE orders SET state = 'expired' WHERE order_id = '" + due.getString("id") + "'");
        Answers.problem(409, "not_cancellable", book.act(1, "cancel", due.getString("id"), "sleeper"));
        assertEquals(3, shop.remaining(saleId));
    }

    @Test
    void shouldWaitForAnOrderThatIsOnItsWay() throws Exception {
        String saleId = shop.sale(5);
        JsonObject order = Answers.accepted(shop.buy(0, saleId, "ann"));

        Future<HttpResponse<Buffer>> cancelling = book.acting(0, "cancel", order.getString("id"), "ann");
        book.storeAll();

        assertEquals(200, Await.result(cancelling).statusCode());
        assertEquals(5, shop.remaining(saleId));
    }

    @Test
    void shouldAskToComeAgainWhenTheOrderDoesNotArrive() throws Exception {
        String saleId = shop.sale(5);
        JsonObject order = Answers.accepted(shop.buy(0, saleId, "ann"));

        HttpResponse<Buffer> answer = book.act(0, "cancel", order.getString("id"), "ann");

        Answers.problem(503, "overloaded", answer);
        assertTrue(Integer.parseInt(answer.getHeader("retry-after")) > 0);
        book.storeAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "payment"})
    void shouldKnowOnlyOnesOwnOrders(String action) throws Exception {
        String saleId = shop.sale(5);
        JsonObject order = book.buy(saleId, "ann");

        Answers.problem(404, "not_found", book.act(0, action, order.getString("id"), "bob"));
        Answers.problem(401, "unauthenticated", book.act(0, action, order.getString("id"), null));
        Answers.problem(404, "not_found", book.act(0, action, UUID.randomUUID().toString(), "ann"));
        Answers.problem(404, "not_found", book.act(0, action, "1%27%20OR%201", "ann"));
        Answers.problem(
                400,
                "invalid_request",
                Await.result(shop.request(
                                0, HttpMethod.POST, "/api/v1/orders/" + order.getString("id") + "/" + action, "ann")
                        .sendBuffer(Buffer.buffer("{\"state\":\"paid\",\"userId\":\"bob\"}"))));
        assertEquals("pending_payment", book.state(order.getString("id")));
    }

    private static JsonObject audit(String saleId) throws Exception {
        return shop.admin(0, HttpMethod.GET, "/admin/v1/sales/" + saleId + "/audit", null)
                .bodyAsJsonObject();
    }
}
