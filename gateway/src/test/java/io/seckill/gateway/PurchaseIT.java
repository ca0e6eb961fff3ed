package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.seckill.schema.message.OrderIds;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One purchase at a time: what is accepted, what is refused, and that no refusal moves a unit. */
class PurchaseIT {
    private static GatewayFixture shop;
    private static String open;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
        open = shop.sale(5);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @AfterEach
    void shouldNotHaveMovedAUnitOfTheOpenSale() throws Exception {
        assertEquals(5, shop.remaining(open));
    }

    @Test
    void shouldAcceptWithAWholeOrder() throws Exception {
        String saleId = shop.sale(new JsonObject().put("stock", 5).put("paymentWindowSeconds", 60));

        JsonObject order = Answers.accepted(shop.buy(0, saleId, "ann", "{\"quantity\":2}"));

        assertEquals(Set.of("id", "saleId", "userId", "quantity", "state", "createdAt", "payBy"), order.fieldNames());
        assertEquals(OrderIds.of(saleId, "ann", 1).toString(), order.getString("id"));
        assertEquals(saleId, order.getString("saleId"));
        assertEquals("ann", order.getString("userId"));
        assertEquals(2, order.getInteger("quantity"));
        assertEquals("queued", order.getString("state"));
        assertEquals(
                Instant.parse(order.getString("createdAt")).plusSeconds(60), Instant.parse(order.getString("payBy")));
        assertEquals(3, shop.remaining(saleId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"quantity\":1}", " {\"quantity\" : 1 } "})
    void shouldBuyOneUnlessToldOtherwise(String body) throws Exception {
        String saleId = shop.sale(5);

        HttpResponse<Buffer> response = shop.buy(0, saleId, "ann", body);

        assertEquals(1, Answers.accepted(response).getInteger("quantity"));
        assertNull(response.getHeader("idempotent-replayed"));
        assertEquals(4, shop.remaining(saleId));
    }

    @Test
    void shouldRefuseWhoHasNoToken() throws Exception {
        HttpResponse<Buffer> response = shop.buy(0, open, null);

        Answers.problem(401, "unauthenticated", response);
        assertEquals("Bearer", response.getHeader("www-authenticate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer x", "Bearer e30.e30.e30", "Basic YW5uOmFubg==", "Bearer", "ann"})
    void shouldRefuseABadToken(String authorization) throws Exception {
        HttpRequest<Buffer> request = shop.request(0, HttpMethod.POST, path(open), null);

        Answers.problem(401, "unauthenticated", send(request.putHeader("authorization", authorization)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-sale", "UPPER", "-x", "a%20b", "a%00b", "%7b%7d", "x;y", "ä"})
    void shouldKnowNoSuchSale(String saleId) throws Exception {
        HttpResponse<Buffer> response = send(shop.request(0, HttpMethod.POST, path(saleId), "ann"));

        Answers.problem(404, "not_found", response);
    }

    @Test
    void shouldRefuseBeforeTheStart() throws Exception {
        String startsAt = Instant.now().plusSeconds(3_000).toString();
        String saleId = shop.sale(new JsonObject().put("startsAt", startsAt));

        JsonObject problem = Answers.problem(409, "not_started", shop.buy(0, saleId, "ann"));

        assertEquals(
                Instant.parse(startsAt).toEpochMilli(),
                Instant.parse(problem.getString("startsAt")).toEpochMilli());
        assertEquals(10, shop.remaining(saleId));
    }

    @Test
    void shouldRefuseAfterTheEnd() throws Exception {
        String saleId = shop.sale(
                new JsonObject().put("endsAt", Instant.now().plusMillis(1_000).toString()));
        Await.equal("ended", "the sale's state", () -> shop.get(0, GatewayFixture.SALES + "/" + saleId, null)
                .bodyAsJsonObject()
                .getString("state"));

        Answers.problem(409, "sale_ended", shop.buy(0, saleId, "ann"));
        assertEquals(10, shop.remaining(saleId));
    }

    @Test
    void shouldRefuseMoreThanOneUserMayBuy() throws Exception {
        Answers.problem(409, "limit_exceeded", shop.buy(0, open, "ann", "{\"quantity\":4}"));
    }

    @Test
    void shouldRefuseWhileTheSaleIsPaused() throws Exception {
        String saleId = shop.sale(5);
        shop.redis(Request.cmd(Command.HSET)
                .arg(SaleKeys.of(saleId).sale())
                .arg("phase")
                .arg("paused"));

        Answers.problem(409, "sale_paused", shop.buy(0, saleId, "ann"));
        assertEquals(5, shop.remaining(saleId));
    }

    @Test
    void shouldSellNoMoreThanThereIs() throws Exception {
        String saleId = shop.sale(3);
        Set<String> sold = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            HttpResponse<Buffer> response = shop.buy(0, saleId, "buyer" + i);
            if (response.statusCode() == 202) {
                sold.add(response.bodyAsJsonObject().getString("id"));
            } else {
                Answers.problem(409, "sold_out", response);
            }
        }

        assertEquals(3, sold.size());
        assertEquals(0, shop.remaining(saleId));
    }

    @Test
    void shouldRefuseAnotherQuantityWhileAnOrderIsActive() throws Exception {
        String saleId = shop.sale(5);
        String first = Answers.accepted(shop.buy(0, saleId, "ann")).getString("id");

        JsonObject problem = Answers.problem(409, "already_purchased", shop.buy(0, saleId, "ann", "{\"quantity\":2}"));

        assertEquals(first, problem.getString("orderId"));
        assertEquals(4, shop.remaining(saleId));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "{",
                "[]",
                "[1]",
                "1",
                "null",
                "\"quantity\"",
                "true",
                "{}{}",
                "{\"quantity\":0}",
                "{\"quantity\":-1}",
                "{\"quantity\":1.5}",
                "{\"quantity\":\"1\"}",
                "{\"quantity\":1e9}",
                "{\"quantity\":null}",
                "{\"quantity\":65536}",
                "{\"quantity\":99999999999999999999}",
                "{\"quantity\":[1]}",
                "{\"quantity\":1,\"userId\":\"eve\"}",
                "{\"user\":\"eve\"}",
                "{\"Quantity\":1}",
                "{quantity:1}",
                "\u0000",
                "{\"quantity\":1}]",
                "[[[[[[[[[[",
                "{\"quantity\":true}"
            })
    void shouldRefuseABadBody(String body) throws Exception {
        Answers.problem(400, "invalid_request", shop.buy(0, open, "ann", body));
    }

    @Test
    void shouldRefuseADeepBody() throws Exception {
        Answers.problem(400, "invalid_request", shop.buy(0, open, "ann", "{\"quantity\":" + "[".repeat(4_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", ";"})
    void shouldRefuseAnotherMediaType(String type) throws Exception {
        HttpRequest<Buffer> request =
                shop.request(0, HttpMethod.POST, path(open), "ann").putHeader("content-type", type);

        Answers.problem(415, "unsupported_media_type", Await.result(request.sendBuffer(Buffer.buffer("quantity=1"))));
    }

    @Test
    void shouldTakeAMediaTypeWithACharset() throws Exception {
        String saleId = shop.sale(5);
        HttpRequest<Buffer> request = shop.request(0, HttpMethod.POST, path(saleId), "ann")
                .putHeader("content-type", "Application/JSON; charset=utf-8");

        Answers.accepted(Await.result(request.sendBuffer(Buffer.buffer("{\"quantity\":1}"))));
    }

    @Test
    void shouldRefuseALargeBody() throws Exception {
        String body = "{\"quantity\":1" + " ".repeat(4_096) + "}";

        Answers.problem(413, "body_too_large", shop.buy(0, open, "ann", body));
    }

    @Test
    void shouldRefuseLargeHeaders() throws Exception {
        HttpRequest<Buffer> request =
                shop.request(0, HttpMethod.POST, path(open), "ann").putHeader("x-padding", "x".repeat(9_000));

        Answers.problem(431, "headers_too_large", send(request));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void shouldRefuseAnotherMethod(String method) throws Exception {
        HttpRequest<Buffer> request = shop.request(0, HttpMethod.valueOf(method), path(open), "ann");

        Answers.problem(405, "method_not_allowed", send(request));
    }

    @Test
    void shouldTakeTheUserFromNothingButTheToken() throws Exception {
        String saleId = shop.sale(5);
        HttpRequest<Buffer> request = shop.request(
                        0, HttpMethod.POST, path(saleId) + "?userId=eve&user=eve&sub=eve", "ann")
                .putHeader("x-user-id", "eve");

        assertEquals("ann", Answers.accepted(send(request)).getString("userId"));
    }

    private static String path(String saleId) {
        return GatewayFixture.SALES + "/" + saleId + "/orders";
    }

    private static HttpResponse<Buffer> send(HttpRequest<Buffer> request) throws Exception {
        return Await.result(request.send());
    }
}
