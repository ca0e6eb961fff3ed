package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that hears none of Redis' hints, and learns of everything a little later by looking. */
class LostHintIT {
    private GatewayFixture shop;
    private OrderBook book;
    private ProxiedGateway deaf;

    @BeforeEach
    void start() throws Exception {
        shop = new GatewayFixture(1);
        book = new OrderBook(shop);
        deaf = new ProxiedGateway(shop, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        deaf.close();
        book.close();
        shop.close();
    }

    @Test
    void shouldSellAFreedUnitWithinASecond() throws Exception {
        String saleId = shop.sale(1);
        JsonObject order = book.buy(saleId, "ann");
        Await.equal(409, "sold out", () -> shop.buy(1, saleId, "bob").statusCode());
        deafen();
        long began = System.nanoTime();

        assertEquals(200, book.act(0, "cancel", order.getString("id"), "ann").statusCode());
        Await.equal(202, "bought", () -> shop.buy(1, saleId, "bob").statusCode());

        assertTrue(System.nanoTime() - began < 1_000_000_000L, "within a second");
    }

    @Test
    void shouldBringAnOrdersStreamUpToDateWithinThreeSeconds() throws Exception {
        String order = book.buy(shop.sale(1), "ann").getString("id");
        try (EventReader stream = new EventReader(
                shop, 1, "/api/v1/orders/" + order + "/events", Map.of("authorization", shop.token("ann")))) {
            Await.equal(List.of("pending_payment"), "states", stream::states);
            deafen();
            long began = System.nanoTime();

            assertEquals(200, book.act(0, "cancel", order, "ann").statusCode());
            Await.equal(List.of("pending_payment", "cancelled"), "states", stream::states);

            assertTrue(System.nanoTime() - began < 3_000_000_000L, "within three seconds");
        }
    }

    /** Its connections end, and the one that subscribes anew hears nothing until it gives up, seconds later. */
    private void deafen() throws Exception {
        deaf.redis.loseReplyTo("\r\nsubscribe\r\n");
        deaf.redis.cut();
        Await.until("it noticed", () -> !deaf.isReady());
        Await.until("it is ready again", deaf::isReady);
    }
}
