package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A buyer who comes again when the window for paying is over, and Redis has the order as an active one still. */
class PastWindowIT {
    private static GatewayFixture shop;
    private static OrderBook book;

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

    @ParameterizedTest
    @ValueSource(strings = {"paid", "pending_payment"})
    void shouldTellAnActiveOrderAgainAsItIsByNow(String state) throws Exception {
        JsonObject order = outlived(state);

        HttpResponse<Buffer> again = shop.buy(0, order.getString("saleId"), "ann");

        assertEquals(order.copy().put("state", state), Answers.accepted(again));
        assertEquals("true", again.getHeader("idempotent-replayed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "cancelled"})
    void shouldNotPromiseAnOrderThatEndedWhileItsUnitIsOnItsWayBack(String state) throws Exception {
        JsonObject order = outlived(state);

        HttpResponse<Buffer> again = shop.buy(0, order.getString("saleId"), "ann");

        Answers.problem(503, "overloaded", again);
        assertTrue(Integer.parseInt(again.getHeader("retry-after")) > 0);
    }

    // The gateway that accepted it died, and the relays did not come to it in all that time.
    @Test
    void shouldPromiseNothingThatTheBrokerDoesNotHave() throws Exception {
        String saleId = shortSale();
        shop.functions(functions -> functions.reserve(
                SaleKeys.of(saleId), 1, 60_000, List.of(), List.of(new RetryIT.OrderLineOf("ann", 1))));
        Instant late = Instant.now().plusMillis(1_050);
        Await.until("the window is over", () -> Instant.now().isAfter(late));

        JsonObject order = Answers.accepted(shop.buy(0, saleId, "ann"));

        assertEquals(OrderIds.of(saleId, "ann", 1).toString(), order.getString("id"));
        List<String> queued = shop.take(shop.topology().orderQueue()).stream()
                .map(OrderBatch::lots)
                .flatMap(List::stream)
                .map(Lot::saleId)
                .toList();
        assertEquals(List.of(saleId), queued);
    }

    /** An order past its window, brought into a state of which Redis did not hear. */
    private static JsonObject outlived(String state) throws Exception {
        JsonObject order = book.buy(shortSale(), "ann");
        shop.sql("UPDATE orders SET state = '" + state + "' WHERE order_id = '" + order.getString("id") + "'");
        Instant payBy = Instant.parse(order.getString("payBy"));
        Await.until("the window is over", () -> Instant.now().isAfter(payBy.plusMillis(50)));
        return order;
    }

    private static String shortSale() throws Exception {
        return shop.sale(new JsonObject().put("paymentWindowSeconds", 1));
    }
}
