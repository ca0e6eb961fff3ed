package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RabbitMQ confirms orders and loses them; each is sent again, and nothing else is. */
class ReconcilerIT {
    private GatewayFixture shop;
    private OrderBook book;

    @BeforeEach
    void start() throws Exception {
        shop = new GatewayFixture(0);
        Await.until("the gateway is ready", shop.start(Map.of("SECKILL_MISSING_AFTER_MS", "1000"))::isReady);
        book = new OrderBook(shop);
    }

    @AfterEach
    void stop() throws Exception {
        book.close();
        shop.close();
    }

    @Test
    void shouldSendAgainWhatIsNowhereAndOnlyThat() throws Exception {
        String saleId = shop.sale(100);
        DeadOrders dead = new DeadOrders(shop);
        for (int i = 0; i < 30; i++) {
            Answers.accepted(shop.buy(0, saleId, "stored" + i));
        }
        book.storeAll();
        Answers.accepted(shop.buy(0, saleId, "dead"));
        shop.take(shop.topology().orderQueue());
        dead.order(saleId, "dead", 1, "no_such_sale");
        for (int i = 0; i < 10; i++) {
            Answers.accepted(shop.buy(0, saleId, "lost" + i));
        }
        Await.until("all is trimmed", () -> shop.status(saleId).unconfirmed() == 0);
        shop.channel().queueDelete(shop.topology().orderQueue());
        shop.topology().declare(shop.channel());

        Set<String> sent = new TreeSet<>();
        Set<String> ids = new TreeSet<>();
        Await.equal(10, "orders sent again", () -> {
            for (OrderBatch batch : shop.take(shop.topology().orderQueue())) {
                for (Lot lot : batch.lots()) {
                    lot.orders().forEach(line -> {
                        sent.add(line.userId());
                        ids.add(OrderIds.of(lot.saleId(), line.userId(), line.attempt())
                                .toString());
                    });
                }
            }
            return sent.size();
        });
        assertTrue(sent.stream().allMatch(user -> user.startsWith("lost")), sent::toString);
        assertEquals(
                ids.iterator().next(),
                Answers.accepted(shop.buy(
                                0, saleId, userOf(saleId, ids.iterator().next())))
                        .getString("id"));
        assertEquals(59, shop.remaining(saleId));
        assertTrue(
                metrics().lines().anyMatch(line -> line.matches("seckill_gateway_orders_republished_total [1-9].*")),
                "an operator can see it");
    }

    @Test
    void shouldNotSendAgainWhatWaitsInAQueue() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "slow"));
        String other = shop.sale(5);
        Answers.accepted(shop.buy(0, other, "slow"));
        Await.until("all is trimmed", () -> shop.status(other).unconfirmed() == 0);
        assertEquals(2, shop.channel().messageCount(shop.topology().orderQueue()));

        Await.until("it looked more than once", () -> metrics()
                .lines()
                .anyMatch(line -> line.matches(
                        "seckill_gateway_reconciliations_total\\{outcome=\"put_off\"} ([2-9]|[1-9][0-9]).*")));

        assertEquals(2, shop.channel().messageCount(shop.topology().orderQueue()));
        book.storeAll();
        JsonObject audit = shop.admin(0, HttpMethod.GET, "/admin/v1/sales/" + saleId + "/audit", null)
                .bodyAsJsonObject();
        assertEquals(1, audit.getInteger("pendingPayment"));
    }

    private static String userOf(String saleId, String orderId) {
        for (int i = 0; i < 10; i++) {
            if (OrderIds.of(saleId, "lost" + i, 1).toString().equals(orderId)) {
                return "lost" + i;
            }
        }
        throw new AssertionError(orderId);
    }

    private String metrics() throws Exception {
        return Await.result(shop.management(0, HttpMethod.GET, "/metrics").send())
                .bodyAsString();
    }
}
