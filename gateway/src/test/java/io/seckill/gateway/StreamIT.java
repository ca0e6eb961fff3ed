package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.order.OrderChanges;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Server-sent events of sales and orders. */
class StreamIT {
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
    void shouldShowASaleOnConnectAndEachChangeOnEveryGatewayWithinASecond() throws Exception {
        String saleId = shop.sale(2);
        try (EventReader here = sale(0, saleId);
                EventReader there = sale(1, saleId)) {
            for (EventReader reader : new EventReader[] {here, there}) {
                assertEquals(200, reader.status());
                assertEquals("text/event-stream", reader.header("content-type"));
                assertEquals("no-store", reader.header("cache-control"));
                Await.equal(1, "events", reader.events::size);
                assertEquals("sale", reader.events.get(0).name());
                JsonObject shown =
                        shop.get(0, GatewayFixture.SALES + "/" + saleId, null).bodyAsJsonObject();
                assertEquals(shown.fieldNames(), reader.last().fieldNames());
                assertEquals(2, reader.last().getInteger("remaining"));
                assertTrue(reader.comments.get(0).matches("retry: [23]\\d{3}"), reader.comments::toString);
            }

            Answers.accepted(shop.buy(0, saleId, "ann"));
            Answers.accepted(shop.buy(0, saleId, "bob"));
            long bought = System.nanoTime();
            for (EventReader reader : new EventReader[] {here, there}) {
                Await.equal("sold_out", "state", () -> reader.last().getString("state"));
                assertEquals(0, reader.last().getInteger("remaining"));
                assertTrue(
                        reader.events.get(reader.events.size() - 1).atNanos() - bought < 1_000_000_000L,
                        "within a second");
            }
        }
        book.storeAll();
    }

    @Test
    void shouldSendAtMostTwoEventsASecondAndTheLastStateAlways() throws Exception {
        String saleId = shop.sale(60);
        try (EventReader reader = sale(1, saleId)) {
            long began = System.nanoTime();
            for (int i = 0; i < 60; i++) {
                Answers.accepted(shop.buy(0, saleId, "u" + i));
                Await.result(shop.vertx().timer(20));
            }
            Await.equal("sold_out", "state", () -> reader.last().getString("state"));
            double seconds = (System.nanoTime() - began) / 1e9;
            assertTrue(reader.events.size() <= 2 + 2 * seconds, reader.events.size() + " events in " + seconds + " s");
            for (int i = 1; i < reader.events.size(); i++) {
                long gap = reader.events.get(i).atNanos()
                        - reader.events.get(i - 1).atNanos();
                assertTrue(gap > 400_000_000L, "a gap of " + gap / 1_000_000 + " ms");
            }
        }
        book.storeAll();
    }

    @Test
    void shouldTellOfTheOpeningByItself() throws Exception {
        String saleId = shop.sale(
                new JsonObject().put("startsAt", Instant.now().plusMillis(1_500).toString()));
        try (EventReader reader = sale(0, saleId)) {
            Await.equal(List.of("scheduled", "open"), "states", reader::states);
            shop.admin(1, HttpMethod.POST, "/admin/v1/sales/" + saleId + "/pause", null);
            Await.equal(List.of("scheduled", "open", "paused"), "states", reader::states);
        }
    }

    @Test
    void shouldShowTheStateOnReconnectWhateverWasHeardBefore() throws Exception {
        String saleId = shop.sale(3);
        String id;
        try (EventReader reader = sale(0, saleId)) {
            Await.equal(1, "events", reader.events::size);
            id = reader.events.get(0).id();
        }
        Answers.accepted(shop.buy(0, saleId, "ann"));
        try (EventReader again = new EventReader(
                shop, 1, GatewayFixture.SALES + "/" + saleId + "/events", Map.of("last-event-id", id))) {
            Await.equal(2, "remaining", () -> again.last().getInteger("remaining"));
        }
        book.storeAll();
    }

    @Test
    void shouldShowAnOrderFromItsQueueToItsEnd() throws Exception {
        String saleId = shop.sale(5);
        String order = Answers.accepted(shop.buy(0, saleId, "ann")).getString("id");
        try (EventReader here = order(0, order, "ann");
                EventReader there = order(1, order, "ann")) {
            for (EventReader reader : new EventReader[] {here, there}) {
                Await.equal(List.of("queued"), "states", reader::states);
                assertEquals("order", reader.events.get(0).name());
            }
            book.storeAll();
            hint(saleId);
            for (EventReader reader : new EventReader[] {here, there}) {
                Await.equal(List.of("queued", "pending_payment"), "states", reader::states);
            }
            long cancelled = System.nanoTime();
            assertEquals(200, book.act(0, "cancel", order, "ann").statusCode());
            for (EventReader reader : new EventReader[] {here, there}) {
                Await.equal(List.of("queued", "pending_payment", "cancelled"), "states", reader::states);
                assertTrue(reader.events.get(2).atNanos() - cancelled < 1_000_000_000L, "within a second");
                assertEquals("cancelled", reader.events.get(2).id());
            }
        }
    }

    @Test
    void shouldFindAChangeOfWhichNobodyTold() throws Exception {
        String order = book.buy(shop.sale(5), "bob").getString("id");
        try (EventReader reader = order(0, order, "bob")) {
            Await.equal(List.of("pending_payment"), "states", reader::states);
            shop.sql("UPDATE orders SET state = 'paid' WHERE order_id = '" + order + "'");
            Await.equal(List.of("pending_payment", "paid"), "states", reader::states);
        }
    }

    @Test
    void shouldRefuseWhatIsNotThereOrNotOnes() throws Exception {
        String order = book.buy(shop.sale(5), "cid").getString("id");

        Answers.problem(404, "not_found", shop.get(0, GatewayFixture.SALES + "/none/events", null));
        Answers.problem(401, "unauthenticated", shop.get(0, "/api/v1/orders/" + order + "/events", null));
        Answers.problem(404, "not_found", shop.get(0, "/api/v1/orders/" + order + "/events", "eve"));
        Answers.problem(404, "not_found", shop.get(0, "/api/v1/orders/x/events", "eve"));
        Answers.problem(404, "not_found", shop.get(0, "/api/v1/orders/" + UUID.randomUUID() + "/events", "eve"));
        Answers.problem(
                405,
                "method_not_allowed",
                Await.result(shop.request(0, HttpMethod.POST, GatewayFixture.SALES + "/x/events", null)
                        .send()));
    }

    @Test
    void shouldLimitStreamsByUserAndByLoopAndForgetThoseThatLeft() throws Exception {
        TestGateway small = shop.start(Map.of("SECKILL_MAX_STREAMS", "20"));
        Await.until("ready", small::isReady);
        String saleId = shop.sale(5);
        String order = book.buy(saleId, "dan").getString("id");
        List<EventReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                readers.add(order(2, order, "dan"));
            }
            Answers.problem(429, "rate_limited", shop.get(2, "/api/v1/orders/" + order + "/events", "dan"));
            for (int i = 0; i < 4; i++) {
                readers.add(sale(2, saleId));
            }
            HttpResponse<Buffer> full = shop.get(2, GatewayFixture.SALES + "/" + saleId + "/events", null);
            Answers.problem(503, "overloaded", full);
            assertTrue(Integer.parseInt(full.getHeader("retry-after")) > 0);
            for (EventReader reader : readers) {
                reader.close();
            }
            readers.clear();
            Await.until("all places are free", () -> metric(2, "seckill_gateway_streams_open")
                    .contains(" 0.0"));
            readers.add(order(2, order, "dan"));
        } finally {
            for (EventReader reader : readers) {
                reader.close();
            }
            shop.stop(small);
        }
    }

    @Test
    void shouldEndStreamsCleanlyOnDrainAndAnswerWhatIsUnderWay() throws Exception {
        TestGateway leaving = shop.start(Map.of());
        Await.until("ready", leaving::isReady);
        String saleId = shop.sale(50);
        String order = book.buy(saleId, "ed").getString("id");
        try (EventReader sale = sale(2, saleId);
                EventReader own = order(2, order, "ed")) {
            Await.equal(1, "events", sale.events::size);
            List<Future<HttpResponse<Buffer>>> buying = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                buying.add(shop.buying(2, saleId, "x" + i, null));
            }
            Await.result(buying.get(0));
            long began = System.nanoTime();
            shop.stop(leaving);

            assertTrue(System.nanoTime() - began < 10_000_000_000L, "streams do not hold up the drain");
            Await.until("both ended", () -> sale.ended && own.ended);
            assertNull(sale.failed);
            assertNull(own.failed);
            for (Future<HttpResponse<Buffer>> answer : buying) {
                Answers.accepted(Await.result(answer));
            }
        }
        book.storeAll();
    }

    private static EventReader sale(int gateway, String saleId) throws Exception {
        return new EventReader(shop, gateway, GatewayFixture.SALES + "/" + saleId + "/events", Map.of());
    }

    private static EventReader order(int gateway, String orderId, String user) throws Exception {
        return new EventReader(
                shop, gateway, "/api/v1/orders/" + orderId + "/events", Map.of("authorization", shop.token(user)));
    }

    private static void hint(String saleId) throws Exception {
        shop.redis(Request.cmd(Command.PUBLISH).arg(OrderChanges.CHANNEL).arg(saleId));
    }

    private static String metric(int gateway, String name) throws Exception {
        String all = Await.result(
                        shop.management(gateway, HttpMethod.GET, "/metrics").send())
                .bodyAsString();
        return all.lines().filter(line -> line.startsWith(name)).findFirst().orElse("");
    }
}
