package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A shopper pays: the provider is asked for the money, and its event pays the order, here or on another gateway. */
class PaymentIT {
    private static GatewayFixture shop;
    private static OrderBook book;
    private static StubProvider provider;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
        book = new OrderBook(shop);
        provider = new StubProvider(shop);
        TestGateway paying = shop.start(Map.of("SECKILL_PAYMENT_URL", provider.url()));
        Await.until("the gateway is ready", paying::isReady);
    }

    @AfterAll
    static void stop() throws Exception {
        provider.close();
        book.close();
        shop.close();
    }

    @BeforeEach
    void reset() {
        provider.mode = StubProvider.Mode.PAY;
        provider.charges.clear();
        provider.webhook = charge -> book.telling(0, event(charge));
    }

    @Test
    void shouldPayThroughAnEventOnAnotherGatewayAndOnlyOnce() throws Exception {
        String order = order("ann", 2);

        HttpResponse<Buffer> paid = book.act(1, "payment", order, "ann");
        HttpResponse<Buffer> again = book.act(1, "payment", order, "ann");

        assertEquals(200, paid.statusCode(), paid::bodyAsString);
        assertEquals("paid", paid.bodyAsJsonObject().getString("state"));
        assertEquals(200, again.statusCode());
        assertEquals(1, provider.charges.size());
        assertEquals(
                new JsonObject()
                        .put("paymentId", "pay_" + order)
                        .put("orderId", order)
                        .put("amount", 1_980)
                        .put("currency", "CNY"),
                provider.charges.get(0));
        Answers.problem(409, "not_cancellable", book.act(0, "cancel", order, "ann"));
    }

    @Test
    void shouldAnswerAllOfParallelPaymentsOfOneOrder() throws Exception {
        String order = order("bob", 1);
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(book.acting(1, "payment", order, "bob"));
        }
        Await.result(Future.all(answers));

        answers.forEach(answer -> assertEquals(200, answer.result().statusCode(), answer.result()::bodyAsString));
        assertEquals("1", book.text("SELECT COUNT(*) FROM payment WHERE order_id = '" + order + "'"));
        assertEquals("1", book.text("SELECT COUNT(*) FROM order_event WHERE order_id = '" + order + "'"));
    }

    @Test
    void shouldPayAnOrderThatIsStillOnItsWay() throws Exception {
        String saleId = shop.sale(5);
        String order = Answers.accepted(shop.buy(0, saleId, "cid")).getString("id");

        Future<HttpResponse<Buffer>> paying = book.acting(1, "payment", order, "cid");
        book.storeAll();

        assertEquals(200, Await.result(paying).statusCode());
    }

    @Test
    void shouldWaitForAnEventThatComesAfterTheChargesAnswer() throws Exception {
        String order = order("dan", 1);
        provider.mode = StubProvider.Mode.PAY_LATER;

        Future<HttpResponse<Buffer>> paying = book.acting(1, "payment", order, "dan");
        Await.equal(1, "charges", provider.charges::size);
        book.tell(0, event(provider.charges.get(0)));

        assertEquals(200, Await.result(paying).statusCode());
    }

    @ParameterizedTest
    @EnumSource(
            value = StubProvider.Mode.class,
            names = {"PAY_LATER", "BREAK", "HANG"})
    void shouldSayThatItDoesNotKnow(StubProvider.Mode mode) throws Exception {
        String order = order("eve-" + mode, 1);
        provider.mode = mode;

        JsonObject unknown = Answers.problem(503, "outcome_unknown", book.act(1, "payment", order, "eve-" + mode));

        assertEquals(order, unknown.getString("orderId"));
        assertEquals("pending_payment", book.state(order));
    }

    @Test
    void shouldSayThatThePaymentWasDeclinedAndTakeAnother() throws Exception {
        String order = order("fay", 1);
        provider.mode = StubProvider.Mode.DECLINE;
        Answers.problem(409, "not_payable", book.act(1, "payment", order, "fay"));

        provider.mode = StubProvider.Mode.PAY;
        assertEquals(200, book.act(1, "payment", order, "fay").statusCode());
    }

    @Test
    void shouldNotChargeForWhatIsOver() throws Exception {
        String cancelled = order("gus", 1);
        book.act(0, "cancel", cancelled, "gus");
        String due = order("hal", 1);
        book.makeDue(due);

        Answers.problem(409, "not_payable", book.act(1, "payment", cancelled, "gus"));
        Answers.problem(409, "not_payable", book.act(1, "payment", due, "hal"));
        assertEquals(List.of(), provider.charges);
    }

    @Test
    void shouldSayWhereToPayIfNotHere() throws Exception {
        String order = order("ivy", 1);

        JsonObject problem = Answers.problem(409, "not_payable", book.act(0, "payment", order, "ivy"));

        assertEquals("this shop's payments go through the provider itself", problem.getString("detail"));
    }

    private static String order(String user, int quantity) throws Exception {
        String saleId = shop.sale(5);
        String order = Answers.accepted(shop.buy(0, saleId, user, "{\"quantity\":" + quantity + "}"))
                .getString("id");
        book.storeAll();
        return order;
    }

    private static JsonObject event(JsonObject charge) {
        return book.event(
                "succeeded", charge.getString("paymentId"), charge.getString("orderId"), charge.getLong("amount"));
    }
}
