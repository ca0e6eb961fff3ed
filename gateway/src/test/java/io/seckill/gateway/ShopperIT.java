package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.OrderIds;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a shopper reads: sales, orders, the contract. */
class ShopperIT {
    private static final Set<String> SALE_FIELDS = Set.of(
            "id",
            "title",
            "description",
            "imageUrl",
            "price",
            "stock",
            "remaining",
            "maxPerUser",
            "startsAt",
            "endsAt",
            "paymentWindowSeconds",
            "state",
            "serverTime");

    private static GatewayFixture shop;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @Test
    void shouldShowASale() throws Exception {
        JsonObject terms = shop.terms(new JsonObject().put("description", "d").put("imageUrl", "/i.png"));
        String saleId = shop.sale(terms);

        HttpResponse<Buffer> response = shop.get(0, GatewayFixture.SALES + "/" + saleId, null);
        JsonObject sale = response.bodyAsJsonObject();

        assertEquals("application/json", response.getHeader("content-type"));
        assertEquals(SALE_FIELDS, sale.fieldNames());
        for (String field : new String[] {"id", "title", "description", "imageUrl", "price", "stock", "maxPerUser"}) {
            assertEquals(terms.getValue(field), sale.getValue(field), field);
        }
        assertEquals(10, sale.getInteger("remaining"));
        assertEquals("open", sale.getString("state"));
        assertEquals(900, sale.getInteger("paymentWindowSeconds"));
        assertTrue(sale.getString("startsAt").endsWith("Z"));
        assertTrue(sale.getString("endsAt").endsWith("Z"));
        assertTrue(sale.getString("serverTime").endsWith("Z"));
        Duration off = Duration.between(Instant.parse(sale.getString("serverTime")), Instant.now());
        assertTrue(off.abs().toSeconds() < 60, () -> "server time is off by " + off);
    }

    @Test
    void shouldListSalesNewestFirst() throws Exception {
        String early = shop.sale(new JsonObject().put("startsAt", inSeconds(-2_000)));
        String late = shop.sale(new JsonObject().put("startsAt", inSeconds(2_000)));

        JsonArray sales = shop.get(0, GatewayFixture.SALES, null).bodyAsJsonArray();

        List<String> ids = sales.stream()
                .map(sale -> ((JsonObject) sale).getString("id"))
                .filter(id -> id.equals(early) || id.equals(late))
                .toList();
        assertEquals(List.of(late, early), ids);
        for (Object sale : sales) {
            assertEquals(SALE_FIELDS, ((JsonObject) sale).fieldNames());
        }
    }

    @Test
    void shouldOpenByItselfWhenTheStartHasCome() throws Exception {
        String saleId = shop.sale(new JsonObject().put("startsAt", inSeconds(2)));
        assertEquals("scheduled", sale(saleId).getString("state"));

        Await.equal("open", "the sale's state", () -> sale(saleId).getString("state"));
        Await.equal(202, "the answer to a purchase", () -> shop.buy(0, saleId, "ann")
                .statusCode());
    }

    @Test
    void shouldShowWhatIsLeft() throws Exception {
        String saleId = shop.sale(1);
        Answers.accepted(shop.buy(0, saleId, "ann"));

        Await.equal("sold_out", "the sale's state", () -> sale(saleId).getString("state"));
        assertEquals(0, sale(saleId).getInteger("remaining"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/sales/none",
                "/api/v1/sales/UPPER",
                "/api/v1/sales/%2e%2e",
                "/api/v1",
                "/api/v1/orders/x/y",
                "/favicon.ico",
                "/metrics",
                "/health/ready",
                "/admin/v1/sales",
                "/sales/none",
                "/sales",
                "/assets/sale.js",
                "/assets/%2e%2e%2fopenapi.yaml",
                "/pictures/UPPER.svg",
                "/pictures/a.png"
            })
    void shouldKnowNothingElse(String path) throws Exception {
        Answers.problem(404, "not_found", shop.get(0, path, "ann"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/sales", "/api/v1/orders", "/openapi.yaml", "/", "/orders"})
    void shouldRefuseAnotherMethod(String path) throws Exception {
        for (HttpMethod method : new HttpMethod[] {HttpMethod.DELETE, HttpMethod.PUT, HttpMethod.POST}) {
            Answers.problem(
                    405,
                    "method_not_allowed",
                    Await.result(shop.request(0, method, path, "ann").send()));
        }
    }

    @Test
    void shouldShowAnOrderAtOnceAndOnlyToItsUser() throws Exception {
        String saleId = shop.sale(5);
        HttpResponse<Buffer> bought = shop.buy(0, saleId, "ann", "{\"quantity\":2}");
        String path = bought.getHeader("location");

        assertEquals(Answers.accepted(bought), shop.get(0, path, "ann").bodyAsJsonObject());
        Answers.problem(404, "not_found", shop.get(0, path, "eve"));
        Answers.problem(401, "unauthenticated", shop.get(0, path, null));
    }

    @Test
    void shouldListAUsersOwnOrders() throws Exception {
        String user = "lister";
        JsonObject first = Answers.accepted(shop.buy(0, shop.sale(5), user));
        Await.until("time goes on", () -> Instant.now()
                .isAfter(Instant.parse(first.getString("createdAt")).plusMillis(5)));
        JsonObject second = Answers.accepted(shop.buy(0, shop.sale(5), user));

        assertEquals(
                new JsonArray().add(second).add(first),
                shop.get(0, "/api/v1/orders", user).bodyAsJsonArray());
        assertEquals(new JsonArray(), shop.get(0, "/api/v1/orders", "nobody").bodyAsJsonArray());
        Answers.problem(401, "unauthenticated", shop.get(0, "/api/v1/orders", null));
    }

    @Test
    void shouldShowWhatMysqlSaysOfAnOrderOnceItIsThere() throws Exception {
        String saleId = shop.sale(5);
        JsonObject order = Answers.accepted(shop.buy(0, saleId, "stored"));
        shop.sql("INSERT INTO orders (order_id, sale_id, user_id, quantity, attempt, state, created_at, pay_by, epoch,"
                + " lot_seq, batch_id) VALUES ('" + order.getString("id") + "', '" + saleId
                + "', 'stored', 1, 1, 'paid', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 15 MINUTE, 1, 1, 1)");

        assertEquals(
                "paid",
                shop.get(0, "/api/v1/orders/" + order.getString("id"), "stored")
                        .bodyAsJsonObject()
                        .getString("state"));
        JsonArray list = shop.get(0, "/api/v1/orders", "stored").bodyAsJsonArray();
        assertEquals(1, list.size());
        assertEquals("paid", list.getJsonObject(0).getString("state"));
    }

    @Test
    void shouldSayThatADeadOrderIsRejected() throws Exception {
        String saleId = shop.sale(5);
        JsonObject order = Answers.accepted(shop.buy(0, saleId, "dead"));
        shop.sql("INSERT INTO dead_letter (dead_key, order_id, sale_id, user_id, quantity, reason, payload, created_at)"
                + " VALUES ('" + order.getString("id") + "', '" + order.getString("id") + "', '" + saleId
                + "', 'dead', 1, 'test', '', UTC_TIMESTAMP(3))");

        assertEquals(
                "rejected",
                shop.get(0, "/api/v1/orders/" + order.getString("id"), "dead")
                        .bodyAsJsonObject()
                        .getString("state"));
    }

    @Test
    void shouldNotFindOrdersThatAreNone() throws Exception {
        String saleId = shop.sale(5);
        String notBought = OrderIds.of(saleId, "ann", 1).toString();
        for (String id :
                new String[] {notBought, UUID.randomUUID().toString(), "1", "x", "1-1-1-1-1", "%27%20OR%201=1"}) {
            Answers.problem(404, "not_found", shop.get(0, "/api/v1/orders/" + id, "ann"));
        }
    }

    @Test
    void shouldServeTheContract() throws Exception {
        HttpResponse<Buffer> response = shop.get(0, "/openapi.yaml", null);

        assertEquals(200, response.statusCode());
        assertEquals("application/yaml", response.getHeader("content-type"));
        assertTrue(response.bodyAsString().startsWith("openapi: 3"));
    }

    private static JsonObject sale(String saleId) throws Exception {
        return shop.get(0, GatewayFixture.SALES + "/" + saleId, null).bodyAsJsonObject();
    }

    private static String inSeconds(int seconds) {
        return Instant.now().plusSeconds(seconds).toString();
    }
}
