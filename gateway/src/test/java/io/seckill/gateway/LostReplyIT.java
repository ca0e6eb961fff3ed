package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.OrderIds;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies of Redis and MySQL that never come: an answer names the right order, and nothing is done twice. */
class LostReplyIT {
    // The client's command packet, rather than a statement that has the word in it.
    private static final String COMMIT = "\u0003COMMIT";
    private static final int PURCHASE_DEADLINE_MS = 2_000;
    private static final int MARGIN_MS = 1_000;

    private static GatewayFixture shop;
    private static OrderBook book;
    private ProxiedGateway unlucky;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
        book = new OrderBook(shop);
    }

    @AfterAll
    static void stop() throws Exception {
        book.close();
        shop.close();
    }

    @BeforeEach
    void startUnlucky() throws Exception {
        // One place each: whoever keeps it for ever keeps it from all.
        unlucky = new ProxiedGateway(shop, Map.of("SECKILL_MYSQL_POOL", "1"));
    }

    @AfterEach
    void stopUnlucky() throws Exception {
        unlucky.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"returning", "new"})
    void shouldNameTheOrderThatRedisAcceptedWithoutOurHearingIt(String user) throws Exception {
        String saleId = shop.sale(5);
        cancelOneOf(saleId, "returning");
        String next = orderId(saleId, user, user.equals("returning") ? 2 : 1);
        unlucky.redis.loseReplyTo("seckill_reserve");

        HttpResponse<Buffer> answer = shop.buy(1, saleId, user);

        assertEquals(next, Answers.problem(503, "outcome_unknown", answer).getString("orderId"));
        Await.equal(
                202, "the answer to the retry", () -> shop.buy(1, saleId, user).statusCode());
        assertEquals(next, Answers.accepted(shop.buy(1, saleId, user)).getString("id"));
        assertEquals(4, shop.remaining(saleId));
        book.storeAll();
        assertEquals("pending_payment", book.state(next));
    }

    @Test
    void shouldAnswerInTimeWhenMysqlCannotSayWhichOrderItWouldBe() throws Exception {
        String saleId = shop.sale(5);
        cancelOneOf(saleId, "ann");
        unlucky.mysql.pause(true);
        unlucky.redis.loseReplyTo("seckill_reserve");
        long began = System.nanoTime();

        HttpResponse<Buffer> answer = shop.buy(1, saleId, "bob");

        assertTrue(
                millisSince(began) < PURCHASE_DEADLINE_MS + ProxiedGateway.MYSQL_TIMEOUT_MS,
                () -> millisSince(began) + " ms");
        assertEquals(
                orderId(saleId, "bob", 1),
                Answers.problem(503, "outcome_unknown", answer).getString("orderId"));
        unlucky.mysql.pause(false);
        Await.equal(
                202, "the answer to the retry", () -> shop.buy(1, saleId, "bob").statusCode());
        book.storeAll();
    }

    @Test
    void shouldCancelOnceWhenTheReplyToCommitIsLost() throws Exception {
        String saleId = shop.sale(1);
        String order = book.buy(saleId, "ann").getString("id");
        unlucky.mysql.loseReplyTo(COMMIT);

        HttpResponse<Buffer> answer = book.act(1, "cancel", order, "ann");

        if (answer.statusCode() != 200) {
            Answers.problem(503, "outcome_unknown", answer);
        }
        Await.equal(200, "the answer to the same again", () -> cancelled(1, order));
        assertCancelledOnce(saleId, order);
    }

    @Test
    void shouldGiveTheUnitBackAtOnceWhenItLearnsThatTheCommitWasDone() throws Exception {
        try (ProxiedGateway other = new ProxiedGateway(shop, Map.of())) {
            String saleId = shop.sale(1);
            String order = book.buy(saleId, "ann").getString("id");
            other.mysql.loseReplyTo(COMMIT);

            assertEquals(200, cancelled(2, order));

            assertEquals(1, shop.remaining(saleId));
            assertCancelledOnce(saleId, order);
        }
    }

    @Test
    void shouldSayThatItIsNotKnownWhenMysqlIsGoneWithItsReply() throws Exception {
        String saleId = shop.sale(1);
        String order = book.buy(saleId, "ann").getString("id");
        unlucky.mysql.loseReplyTo(COMMIT);
        Future<HttpResponse<Buffer>> cancelling = book.acting(1, "cancel", order, "ann");
        Await.equal("cancelled", "state", () -> book.state(order));
        unlucky.mysql.refuse(true);

        JsonObject problem = Answers.problem(503, "outcome_unknown", Await.result(cancelling));

        assertEquals(order, problem.getString("orderId"));
        unlucky.mysql.refuse(false);
        Await.equal(200, "the answer to the same again", () -> cancelled(1, order));
        assertCancelledOnce(saleId, order);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCancelWithoutRedisAndLeaveTheUnitToAWorker(boolean silent) throws Exception {
        String saleId = shop.sale(1);
        String order = book.buy(saleId, "ann").getString("id");
        if (silent) {
            unlucky.redis.pause(true);
        } else {
            unlucky.redis.refuse(true);
        }
        long began = System.nanoTime();

        assertEquals(200, cancelled(1, order));

        assertTrue(millisSince(began) < MARGIN_MS, () -> millisSince(began) + " ms");
        assertCancelledOnce(saleId, order);
        assertEquals(1, onTheirWayBack(order));
        assertEquals(200, cancelled(0, order));
    }

    private int cancelled(int gateway, String order) throws Exception {
        return book.act(gateway, "cancel", order, "ann").statusCode();
    }

    /** After this the unlucky gateway knows that users of the sale may have a second order. */
    private static void cancelOneOf(String saleId, String user) throws Exception {
        String order = book.buy(saleId, user).getString("id");
        Await.equal(4, "remaining", () -> shown(saleId));
        assertEquals(200, book.act(0, "cancel", order, user).statusCode());
        Await.equal(5, "remaining", () -> shown(saleId));
    }

    private static int shown(String saleId) throws Exception {
        return shop.get(1, GatewayFixture.SALES + "/" + saleId, null)
                .bodyAsJsonObject()
                .getInteger("remaining");
    }

    private static void assertCancelledOnce(String saleId, String order) throws Exception {
        assertEquals("cancelled", book.state(order));
        assertEquals("0", book.text("SELECT sold FROM sale_row WHERE sale_id = '" + saleId + "'"));
        assertEquals("1", book.text("SELECT COUNT(*) FROM restock WHERE sale_id = '" + saleId + "'"));
        assertEquals("1", book.text("SELECT COUNT(*) FROM order_event WHERE sale_id = '" + saleId + "'"));
        assertEquals(1, shop.remaining(saleId) + onTheirWayBack(order), "back, or a worker's to bring back");
    }

    private static int onTheirWayBack(String order) throws Exception {
        return Integer.parseInt(
                book.text("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL AND order_id = '" + order + "'"));
    }

    private static String orderId(String saleId, String user, int attempt) {
        return OrderIds.of(saleId, user, attempt).toString();
    }

    private static long millisSince(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }
}
