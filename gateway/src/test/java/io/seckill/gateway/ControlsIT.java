package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator's hand on a sale that goes on, at one gateway and seen at the other. */
class ControlsIT {
    private static final String SALES = "/admin/v1/sales/";

    private static GatewayFixture shop;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(2);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @Test
    void shouldPauseAndResumeOnEveryGatewayWithinASecond() throws Exception {
        String saleId = shop.sale(10);
        Answers.accepted(shop.buy(0, saleId, "before"));

        withinASecond("paused", () -> {
            assertEquals("paused", control(0, saleId, "pause").getString("state"));
            return refused(saleId, "pause", "sale_paused");
        });
        assertEquals("true", shop.buy(1, saleId, "before").getHeader("idempotent-replayed"), "a promise stands");
        withinASecond("open", () -> {
            assertEquals("open", control(1, saleId, "resume").getString("state"));
            return () -> shop.buy(0, saleId, "late").statusCode() == 202
                    && shop.buy(1, saleId, "later").statusCode() == 202;
        });
        assertEquals(7, shop.remaining(saleId));
    }

    @Test
    void shouldEndForGood() throws Exception {
        String saleId = shop.sale(10);

        withinASecond("ended", () -> {
            assertEquals("ended", control(0, saleId, "end").getString("state"));
            return refused(saleId, "end", "sale_ended");
        });
        control(1, saleId, "end");
        for (String action : new String[] {"pause", "resume", "restock"}) {
            JsonObject body = action.equals("restock") ? new JsonObject().put("quantity", 1) : null;
            Answers.problem(409, "sale_ended", shop.admin(0, HttpMethod.POST, SALES + saleId + "/" + action, body));
        }
        Answers.problem(
                409, "sale_ended", shop.admin(0, HttpMethod.PATCH, SALES + saleId, new JsonObject().put("title", "x")));
        assertEquals(10, shop.remaining(saleId));
    }

    @Test
    void shouldWriteEachChangeIntoTheTrailOnce() throws Exception {
        String saleId = shop.sale(10);
        control(0, saleId, "pause");
        control(1, saleId, "pause");
        control(0, saleId, "resume");
        restock(0, saleId, 5, null);
        patch(0, saleId, new JsonObject().put("title", "Other"));
        patch(0, saleId, new JsonObject().put("title", "Other"));

        JsonArray trail =
                shop.admin(1, HttpMethod.GET, SALES + saleId + "/trail", null).bodyAsJsonArray();

        List<String> actions = new ArrayList<>();
        for (int i = 0; i < trail.size(); i++) {
            JsonObject change = trail.getJsonObject(i);
            actions.add(change.getString("action"));
            assertEquals("operator", change.getString("actor"));
            assertTrue(
                    Instant.parse(change.getString("at")).isAfter(Instant.now().minusSeconds(60)));
        }
        assertEquals(List.of("patch", "restock", "resume", "pause", "create"), actions);
        assertEquals(
                new JsonObject().put("quantity", 5).put("stock", 15),
                trail.getJsonObject(1).getJsonObject("detail"));
    }

    @Test
    void shouldRestockASoldOutSaleOnEveryGatewayWithinASecond() throws Exception {
        String saleId = shop.sale(1);
        Answers.accepted(shop.buy(0, saleId, "first"));
        Await.until("sold out here and there", refused(saleId, "none", "sold_out"));

        withinASecond("buyable", () -> {
            restock(0, saleId, 2, null);
            return () -> shop.buy(0, saleId, "second").statusCode() == 202
                    && shop.buy(1, saleId, "third").statusCode() == 202;
        });
        Await.until("sold out again", refused(saleId, "nobody", "sold_out"));
        JsonObject audit =
                shop.admin(0, HttpMethod.GET, SALES + saleId + "/audit", null).bodyAsJsonObject();
        assertEquals(3, audit.getInteger("stock"));
        assertTrue(audit.getBoolean("balanced"), audit::encode);
    }

    @Test
    void shouldAddEachOfParallelRestocksAndBalanceMeanwhile() throws Exception {
        String saleId = shop.sale(10);
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(shop.management(i % 2, HttpMethod.POST, SALES + saleId + "/restock")
                    .putHeader("authorization", shop.adminToken())
                    .sendJsonObject(new JsonObject().put("quantity", 3)));
        }
        while (!answers.stream().allMatch(Future::isComplete)) {
            JsonObject audit = shop.admin(0, HttpMethod.GET, SALES + saleId + "/audit", null)
                    .bodyAsJsonObject();
            assertTrue(audit.getBoolean("balanced"), audit::encode);
        }

        answers.forEach(answer -> assertEquals(200, answer.result().statusCode(), answer.result()::bodyAsString));
        Await.equal(70, "units in Redis", () -> shop.remaining(saleId));
    }

    @Test
    void shouldCarryOutARestockOfOneKeyOnce() throws Exception {
        String saleId = shop.sale(10);
        String other = shop.sale(10);

        assertEquals(200, restock(0, saleId, 5, "k-1").statusCode());
        assertEquals(200, restock(1, saleId, 5, "k-1").statusCode());
        Answers.problem(422, "idempotency_key_reused", restock(0, saleId, 6, "k-1"));
        Answers.problem(422, "idempotency_key_reused", restock(0, other, 5, "k-1"));
        assertEquals(200, restock(1, saleId, 5, "k-2").statusCode());

        assertEquals(20, shop.remaining(saleId));
        assertEquals(10, shop.remaining(other));
    }

    @Test
    void shouldTakeOtherTermsBeforeTheStart() throws Exception {
        String saleId = shop.sale(
                new JsonObject().put("startsAt", Instant.now().plusSeconds(600).toString()));
        Answers.problem(409, "not_started", shop.buy(1, saleId, "early"));

        withinASecond("open under the new terms", () -> {
            HttpResponse<Buffer> patched = patch(
                    0,
                    saleId,
                    new JsonObject()
                            .put("startsAt", Instant.now().minusSeconds(1).toString())
                            .put("maxPerUser", 5));
            assertEquals(200, patched.statusCode(), patched::bodyAsString);
            return () -> shop.buy(1, saleId, "ann", "{\"quantity\":5}").statusCode() == 202;
        });
        Answers.problem(409, "limit_exceeded", shop.buy(0, saleId, "bob", "{\"quantity\":6}"));
        Answers.problem(400, "invalid_request", patch(0, saleId, new JsonObject().put("maxPerUser", 9)));
    }

    @Test
    void shouldEndLaterButNeverSooner() throws Exception {
        Instant end = Instant.now().plusSeconds(3_600);
        String saleId = shop.sale(new JsonObject().put("endsAt", end.toString()));

        assertEquals(
                200,
                patch(
                                0,
                                saleId,
                                new JsonObject()
                                        .put("endsAt", end.plusSeconds(60).toString()))
                        .statusCode());
        Answers.problem(400, "invalid_request", patch(0, saleId, new JsonObject().put("endsAt", end.toString())));
        Await.until("the other gateway shows it", () -> shop.get(1, GatewayFixture.SALES + "/" + saleId, null)
                .bodyAsJsonObject()
                .getString("endsAt")
                .startsWith(end.plusSeconds(60).toString().substring(0, 19)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"stock\":5}",
                "{\"price\":{\"amount\":1,\"currency\":\"CNY\"}}",
                "{\"title\":\"\"}",
                "{\"title\":5}",
                "{\"title\":null}",
                "{\"maxPerUser\":0}",
                "{\"endsAt\":\"soon\"}",
                "[]",
                "nonsense"
            })
    void shouldRefuseATermThatIsNone(String json) throws Exception {
        String saleId = shop.sale(3);

        Answers.problem(400, "invalid_request", raw(HttpMethod.PATCH, SALES + saleId, json));
        assertEquals(
                1,
                shop.admin(0, HttpMethod.GET, SALES + saleId + "/trail", null)
                        .bodyAsJsonArray()
                        .size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "restock|{}",
                "restock|{\"quantity\":0}",
                "restock|{\"quantity\":-1}",
                "restock|{\"quantity\":1.5}",
                "restock|{\"quantity\":100000000}",
                "restock|{\"quantity\":1,\"user\":\"x\"}",
                "pause|{\"quantity\":1}",
                "end|[1]"
            })
    void shouldRefuseAnImpossibleControl(String action, String json) throws Exception {
        String saleId = shop.sale(3);

        Answers.problem(400, "invalid_request", raw(HttpMethod.POST, SALES + saleId + "/" + action, json));
        assertEquals(3, shop.remaining(saleId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "NONE", "a%20b", "-x", "%27or%271"})
    void shouldNotFindWhatIsNoSale(String id) throws Exception {
        for (String action : new String[] {"pause", "resume", "end"}) {
            Answers.problem(404, "not_found", shop.admin(0, HttpMethod.POST, SALES + id + "/" + action, null));
        }
        Answers.problem(404, "not_found", restock(0, id, 1, null));
        Answers.problem(404, "not_found", patch(0, id, new JsonObject().put("title", "x")));
        Answers.problem(404, "not_found", shop.admin(0, HttpMethod.GET, SALES + id + "/trail", null));
    }

    private static JsonObject control(int gateway, String saleId, String action) throws Exception {
        HttpResponse<Buffer> answer = shop.admin(gateway, HttpMethod.POST, SALES + saleId + "/" + action, null);
        assertEquals(200, answer.statusCode(), answer::bodyAsString);
        return answer.bodyAsJsonObject();
    }

    private static HttpResponse<Buffer> restock(int gateway, String saleId, int quantity, String key) throws Exception {
        var request = shop.management(gateway, HttpMethod.POST, SALES + saleId + "/restock")
                .putHeader("authorization", shop.adminToken());
        if (key != null) {
            request.putHeader("idempotency-key", key);
        }
        return Await.result(request.sendJsonObject(new JsonObject().put("quantity", quantity)));
    }

    private static HttpResponse<Buffer> patch(int gateway, String saleId, JsonObject terms) throws Exception {
        return shop.admin(gateway, HttpMethod.PATCH, SALES + saleId, terms);
    }

    private static HttpResponse<Buffer> raw(HttpMethod method, String path, String json) throws Exception {
        return Await.result(shop.management(0, method, path)
                .putHeader("authorization", shop.adminToken())
                .putHeader("content-type", "application/json")
                .sendBuffer(Buffer.buffer(json)));
    }

    /** Both gateways refuse a stranger for this reason. */
    private static Await.Check refused(String saleId, String user, String code) {
        return () -> {
            for (int gateway = 0; gateway < 2; gateway++) {
                HttpResponse<Buffer> answer = shop.buy(gateway, saleId, user);
                if (answer.statusCode() != 409
                        || !answer.bodyAsJsonObject().getString("code").equals(code)) {
                    return false;
                }
            }
            return true;
        };
    }

    /** @param act does something, and gives what must come true soon after it began */
    private static void withinASecond(String what, Callable<Await.Check> act) throws Exception {
        long began = System.nanoTime();
        Await.until(what, act.call());
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertTrue(tookMs < 1_000, () -> what + " after " + tookMs + " ms");
    }
}
