package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.payment.PaymentSignature;
import io.seckill.schema.order.OrderEnd;
import io.seckill.schema.order.OrderEnding;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a payment provider tells, in order and out of it, and what others would like to tell. */
class WebhookIT {
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
    void shouldPayAnOrderOnceHoweverOftenTheEventComes() throws Exception {
        String order = order("ann");
        JsonObject event = book.event("succeeded", "pay_" + order, order, 990);
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(book.telling(i % 2, event));
        }
        Await.result(Future.all(answers));

        answers.forEach(answer -> assertEquals(200, answer.result().statusCode(), answer.result()::bodyAsString));
        assertEquals("paid", book.state(order));
        book.assertPayment("settled ", "pay_" + order);
        assertEquals("1", book.text("SELECT COUNT(*) FROM order_event WHERE order_id = '" + order + "'"));
    }

    @Test
    void shouldNotMindTheOrderOfEvents() throws Exception {
        String order = order("bob");
        String refundedFirst = order("cid");

        assertEquals(200, book.tell(0, book.event("succeeded", "pay_" + order, order, 990)));
        assertEquals(200, book.tell(1, book.event("failed", "pay_" + order, order, 990)));
        assertEquals(200, book.tell(1, book.event("refunded", "pay_" + refundedFirst, refundedFirst, 990)));
        assertEquals(200, book.tell(0, book.event("succeeded", "pay_" + refundedFirst, refundedFirst, 990)));

        assertEquals("paid", book.state(order));
        book.assertPayment("settled ", "pay_" + order);
        assertEquals("pending_payment", book.state(refundedFirst));
        book.assertPayment("refunded ", "pay_" + refundedFirst);
    }

    @Test
    void shouldPayAfterAFailedTry() throws Exception {
        String order = order("dan");

        assertEquals(200, book.tell(0, book.event("failed", "pay_" + order, order, 990)));
        assertEquals("pending_payment", book.state(order));
        book.assertPayment("failed ", "pay_" + order);
        assertEquals(200, book.tell(0, book.event("succeeded", "pay_" + order, order, 990)));

        assertEquals("paid", book.state(order));
    }

    @Test
    void shouldWriteDownMoneyThatIsToBeGivenBack() throws Exception {
        String cancelled = order("eve");
        book.act(0, "cancel", cancelled, "eve");
        String due = order("fay");
        book.makeDue(due);
        String cheap = order("gus");
        String twice = order("hal");
        String unknown = UUID.randomUUID().toString();

        assertEquals(200, book.tell(0, book.event("succeeded", "late-1", cancelled, 990)));
        assertEquals(200, book.tell(0, book.event("succeeded", "late-2", due, 990)));
        assertEquals(200, book.tell(0, book.event("succeeded", "cheap", cheap, 1)));
        assertEquals(200, book.tell(0, book.event("succeeded", "first", twice, 990)));
        assertEquals(200, book.tell(1, book.event("succeeded", "second", twice, 990)));
        assertEquals(503, book.tell(0, book.event("succeeded", "early", unknown, 990)));
        JsonObject old = book.event("succeeded", "old", unknown, 990)
                .put("occurredAt", Instant.now().minusSeconds(700).toString());
        assertEquals(200, book.tell(0, old));

        book.assertPayment("refund_due cancelled", "late-1");
        book.assertPayment("refund_due expired", "late-2");
        book.assertPayment("refund_due amount_mismatch", "cheap");
        book.assertPayment("settled ", "first");
        book.assertPayment("refund_due paid_already", "second");
        assertNull(book.text("SELECT state FROM payment WHERE payment_id = 'early'"), "it is to be sent again");
        assertNull(book.text("SELECT event_id FROM payment_event WHERE payment_id = 'early'"));
        book.assertPayment("refund_due unknown_order", "old");
        HttpResponse<Buffer> shown = shop.admin(1, HttpMethod.GET, "/admin/v1/payments?state=refund_due", null);
        assertEquals(200, shown.statusCode(), shown::bodyAsString);
        assertTrue(shown.bodyAsJsonArray().size() >= 5);
        Answers.problem(400, "invalid_request", shop.admin(1, HttpMethod.GET, "/admin/v1/payments?state=none", null));
    }

    @Test
    void shouldSettleOneOfTwoPaymentsThatRace() throws Exception {
        for (int round = 0; round < 10; round++) {
            String order = order("r" + round);
            Await.result(Future.all(
                    book.telling(0, book.event("succeeded", "a" + round, order, 990)),
                    book.telling(1, book.event("succeeded", "b" + round, order, 990))));

            assertEquals(
                    "1",
                    book.text("SELECT COUNT(*) FROM payment WHERE order_id = '" + order + "' AND state = 'settled'"));
            assertEquals(
                    "1",
                    book.text("SELECT COUNT(*) FROM payment WHERE order_id = '" + order
                            + "' AND reason = 'paid_already'"));
        }
    }

    @Test
    void shouldPayOrExpireAndNeverBoth() throws Exception {
        int count = 300;
        String saleId = shop.sale(new JsonObject().put("stock", count).put("paymentWindowSeconds", 3));
        List<Future<HttpResponse<Buffer>>> bought = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bought.add(shop.buying(i % 2, saleId, "u" + i, null));
        }
        Await.result(Future.all(bought));
        book.storeAll();
        shop.sql("UPDATE orders SET pay_by = UTC_TIMESTAMP(3) + INTERVAL 1500000 MICROSECOND WHERE sale_id = '" + saleId
                + "'");
        long payBy = System.currentTimeMillis() + 1_500;
        Pool mysql = MySQLBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(shop.settings().mysql())
                .using(shop.vertx())
                .build();
        List<Future<?>> racing = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String order = bought.get(i).result().bodyAsJsonObject().getString("id");
            JsonObject event = book.event("succeeded", "race" + i, order, 990);
            long at = payBy - 150 + (300L * i) / count;
            racing.add(after(at).compose(v -> toldAtLast((int) (at % 2), event)));
            racing.add(after(at + 5).compose(v -> expire(mysql, order)));
        }
        Await.result(Future.all(racing));
        for (int i = 0; i < count; i++) {
            Await.result(expire(mysql, bought.get(i).result().bodyAsJsonObject().getString("id")));
        }
        Await.result(mysql.close());

        int paid = Integer.parseInt(
                book.text("SELECT COUNT(*) FROM orders WHERE state = 'paid' AND sale_id = '" + saleId + "'"));
        assertEquals(
                "" + (count - paid),
                book.text("SELECT COUNT(*) FROM orders WHERE state = 'expired' AND sale_id = '" + saleId + "'"));
        assertEquals("" + paid, book.text("SELECT sold FROM sale_row WHERE sale_id = '" + saleId + "'"));
        assertEquals("" + (count - paid), book.text("SELECT COUNT(*) FROM restock WHERE sale_id = '" + saleId + "'"));
        assertEquals(
                "" + paid,
                book.text("SELECT COUNT(*) FROM payment p JOIN orders o USING (order_id) WHERE p.state = 'settled'"
                        + " AND o.state = 'paid' AND o.sale_id = '" + saleId + "'"));
        assertEquals(
                "" + (count - paid),
                book.text("SELECT COUNT(*) FROM payment p JOIN orders o USING (order_id) WHERE p.state = 'refund_due'"
                        + " AND o.state = 'expired' AND o.sale_id = '" + saleId + "'"));
        // How many of each depends on the machine; a slow one pays none in time.
        System.out.println("WebhookIT: paid " + paid + " of " + count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "nonsense",
                "{\"id\":\"x y\"}",
                "{\"id\":\"e\",\"type\":\"payment.stolen\"}",
                "{\"id\":\"e\",\"type\":\"payment.succeeded\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"payment\":"
                        + "{\"id\":\"p\",\"orderId\":\"1\",\"amount\":1,\"currency\":\"CNY\"}}",
                "{\"id\":\"e\",\"type\":\"payment.succeeded\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"payment\":"
                        + "{\"id\":\"p\",\"orderId\":\"3872de59-a74f-512e-9beb-e0ab74344cda\",\"amount\":-1,"
                        + "\"currency\":\"CNY\"}}",
                "{\"id\":\"e\",\"type\":\"payment.succeeded\",\"occurredAt\":\"soon\",\"payment\":"
                        + "{\"id\":\"p\",\"orderId\":\"3872de59-a74f-512e-9beb-e0ab74344cda\",\"amount\":1,"
                        + "\"currency\":\"CNY\"}}"
            })
    void shouldRefuseWhatIsSignedButNoEvent(String text) throws Exception {
        Buffer body = Buffer.buffer(text);
        Answers.problem(400, "invalid_request", signed(body, System.currentTimeMillis()));
    }

    @Test
    void shouldRefuseWhoeverCannotSign() throws Exception {
        String order = order("ivy");
        Buffer body = book.event("succeeded", "stolen", order, 990).toBuffer();
        String good = OrderBook.SIGNATURE.sign(System.currentTimeMillis(), body);

        Answers.problem(401, "unauthenticated", send(body, null, shop.token("ivy")));
        Answers.problem(401, "unauthenticated", send(body, null, shop.adminToken()));
        Answers.problem(401, "unauthenticated", send(body, good.replace("v1=", "v1=0"), null));
        Answers.problem(401, "unauthenticated", send(body.copy().appendString(" "), good, null));
        Answers.problem(401, "unauthenticated", signed(body, System.currentTimeMillis() - 310_000));
        Answers.problem(401, "unauthenticated", signed(body, System.currentTimeMillis() + 310_000));
        Answers.problem(413, "body_too_large", signed(Buffer.buffer("x".repeat(20_000)), System.currentTimeMillis()));
        assertEquals("pending_payment", book.state(order));
    }

    /** As a provider does, until the event is taken in. */
    private static Future<HttpResponse<Buffer>> toldAtLast(int gateway, JsonObject event) {
        return book.telling(gateway, event)
                .compose(answer -> answer.statusCode() == 503
                        ? after(System.currentTimeMillis() + 50).compose(v -> toldAtLast(gateway, event))
                        : Future.succeededFuture(answer));
    }

    private static String order(String user) throws Exception {
        return book.buy(shop.sale(1), user).getString("id");
    }

    private static HttpResponse<Buffer> signed(Buffer body, long nowMs) throws Exception {
        return send(body, OrderBook.SIGNATURE.sign(nowMs, body), null);
    }

    private static HttpResponse<Buffer> send(Buffer body, String signature, String token) throws Exception {
        var request = shop.request(0, HttpMethod.POST, "/api/v1/payments/events", null);
        if (signature != null) {
            request.putHeader(PaymentSignature.HEADER, signature);
        }
        if (token != null) {
            request.putHeader("authorization", token);
        }
        return Await.result(request.sendBuffer(body));
    }

    private static Future<Long> after(long atMs) {
        return shop.vertx()
                .timer(Math.max(1, atMs - System.currentTimeMillis()))
                .map(atMs);
    }

    private static Future<?> expire(Pool mysql, String order) {
        return mysql.withTransaction(connection -> OrderEnding.apply(connection, OrderEnd.EXPIRED, List.of(order)))
                .<Object>mapEmpty()
                .recover(e -> e instanceof MySQLException ? expire(mysql, order).mapEmpty() : Future.failedFuture(e));
    }
}
