package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's calls, on the management listener. */
class AdminIT {
    private static final String SALES = "/admin/v1/sales";

    private static GatewayFixture shop;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(2);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/admin/v1/sales",
        "GET,/admin/v1/sales",
        "GET,/admin/v1/sales/x",
        "GET,/admin/v1/sales/x/audit",
        "GET,/admin/v1/sales/x/trail",
        "PATCH,/admin/v1/sales/x",
        "GET,/admin/v1/payments",
        "GET,/admin/v1/system",
        "POST,/admin/v1/sales/x/pause",
        "POST,/admin/v1/sales/x/resume",
        "POST,/admin/v1/sales/x/end",
        "POST,/admin/v1/sales/x/restock",
        "GET,/admin/v1/none"
    })
    void shouldLetNobodyInButAdmins(String method, String path) throws Exception {
        HttpRequest<Buffer> nobody = shop.management(0, HttpMethod.valueOf(method), path);
        HttpRequest<Buffer> shopper =
                shop.management(0, HttpMethod.valueOf(method), path).putHeader("authorization", shop.token("ann"));

        Answers.problem(401, "unauthenticated", Await.result(nobody.sendJsonObject(shop.terms(new JsonObject()))));
        Answers.problem(403, "forbidden", Await.result(shopper.sendJsonObject(shop.terms(new JsonObject()))));
    }

    @Test
    void shouldCreateASaleAndShowItWhole() throws Exception {
        JsonObject terms = shop.terms(new JsonObject().put("description", "d").put("paymentWindowSeconds", 60));

        HttpResponse<Buffer> created = shop.admin(0, HttpMethod.POST, SALES, terms);

        JsonObject sale = created.bodyAsJsonObject();
        assertEquals(201, created.statusCode());
        assertEquals(SALES + "/" + terms.getString("id"), created.getHeader("location"));
        for (String field : new String[] {"id", "title", "description", "price", "stock", "maxPerUser"}) {
            assertEquals(terms.getValue(field), sale.getValue(field), field);
        }
        assertEquals(60, sale.getInteger("paymentWindowSeconds"));
        assertEquals(10, sale.getInteger("remaining"));
        assertEquals("open", sale.getString("state"));
        assertNotNull(sale.getString("serverTime"));
    }

    @Test
    void shouldShowACreatedSaleOnTheOtherGatewayWithinASecond() throws Exception {
        JsonObject terms = shop.terms(new JsonObject());
        assertEquals(201, shop.admin(0, HttpMethod.POST, SALES, terms).statusCode());
        long created = System.nanoTime();

        Await.equal(202, "the answer to a purchase", () -> shop.buy(1, terms.getString("id"), "ann")
                .statusCode());
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - created);
        assertTrue(tookMs < 1_000, () -> "after " + tookMs + " ms");
    }

    @Test
    void shouldMakeUpAnId() throws Exception {
        JsonObject terms = shop.terms(new JsonObject());
        terms.remove("id");

        HttpResponse<Buffer> created = shop.admin(0, HttpMethod.POST, SALES, terms);

        assertEquals(201, created.statusCode());
        assertTrue(SaleKeys.isSaleId(created.bodyAsJsonObject().getString("id")));
    }

    @Test
    void shouldChangeNothingWhenASaleIsCreatedTwice() throws Exception {
        JsonObject terms = shop.terms(new JsonObject());
        String saleId = shop.sale(terms);
        Answers.accepted(shop.buy(0, saleId, "ann"));

        for (int gateway = 0; gateway < 2; gateway++) {
            HttpResponse<Buffer> again = shop.admin(gateway, HttpMethod.POST, SALES, terms);
            assertEquals(201, again.statusCode());
            assertEquals(saleId, again.bodyAsJsonObject().getString("id"));
            assertEquals(9, shop.remaining(saleId));
        }
        assertEquals("true", shop.buy(1, saleId, "ann").getHeader("idempotent-replayed"), "the buyers are still there");
    }

    @Test
    void shouldMakeOneSaleOfParallelCreations() throws Exception {
        JsonObject terms = shop.terms(new JsonObject());
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(shop.management(i % 2, HttpMethod.POST, SALES)
                    .putHeader("authorization", shop.adminToken())
                    .sendJsonObject(terms));
        }
        Await.result(Future.all(answers));

        answers.forEach(answer -> assertEquals(201, answer.result().statusCode(), answer.result()::bodyAsString));
        assertEquals(10, shop.remaining(terms.getString("id")));
    }

    @Test
    void shouldTakeACreationWithoutAStartTwice() throws Exception {
        JsonObject terms = shop.terms(new JsonObject());
        terms.remove("startsAt");
        String saleId = shop.sale(terms);

        HttpResponse<Buffer> again = shop.admin(1, HttpMethod.POST, SALES, terms);

        assertEquals(201, again.statusCode(), again::bodyAsString);
        assertEquals(saleId, again.bodyAsJsonObject().getString("id"));
    }

    @Test
    void shouldRefuseOtherTermsUnderTheSameId() throws Exception {
        JsonObject terms = shop.terms(new JsonObject());
        String saleId = shop.sale(terms);

        HttpResponse<Buffer> other =
                shop.admin(1, HttpMethod.POST, SALES, terms.copy().put("stock", 11));

        Answers.problem(422, "idempotency_key_reused", other);
        assertEquals(10, shop.remaining(saleId));
    }

    @Test
    void shouldListAllThatIsWrong() throws Exception {
        JsonObject bad =
                shop.terms(new JsonObject().put("stock", 0).put("title", "").put("endsAt", "never"));

        String detail = Answers.problem(400, "invalid_request", shop.admin(0, HttpMethod.POST, SALES, bad))
                .getString("detail");

        for (String field : new String[] {"stock", "title", "endsAt"}) {
            assertTrue(detail.contains(field), detail);
        }
        assertEquals(
                404,
                shop.get(0, GatewayFixture.SALES + "/" + bad.getString("id"), null)
                        .statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "1", "null", "\"x\"", "{", "{}{}"})
    void shouldRefuseABodyThatIsNoSale(String body) throws Exception {
        HttpRequest<Buffer> request =
                shop.management(0, HttpMethod.POST, SALES).putHeader("authorization", shop.adminToken());

        Answers.problem(400, "invalid_request", Await.result(request.sendBuffer(Buffer.buffer(body))));
    }

    @Test
    void shouldRefuseALargeBody() throws Exception {
        JsonObject large = shop.terms(new JsonObject().put("description", "x".repeat(70_000)));

        Answers.problem(413, "body_too_large", shop.admin(0, HttpMethod.POST, SALES, large));
    }

    @Test
    void shouldListAndShowSales() throws Exception {
        String saleId = shop.sale(5);

        JsonObject sale =
                shop.admin(1, HttpMethod.GET, SALES + "/" + saleId, null).bodyAsJsonObject();
        assertEquals(saleId, sale.getString("id"));
        assertEquals(5, sale.getInteger("remaining"));
        assertTrue(shop.admin(1, HttpMethod.GET, SALES, null).bodyAsJsonArray().stream()
                .anyMatch(listed -> ((JsonObject) listed).getString("id").equals(saleId)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/none", "/none/audit", "/UPPER", "/UPPER/audit", "/none/none"})
    void shouldKnowNoSuchSale(String path) throws Exception {
        Answers.problem(404, "not_found", shop.admin(0, HttpMethod.GET, SALES + path, null));
    }

    @Test
    void shouldRefuseAnotherMethod() throws Exception {
        Answers.problem(405, "method_not_allowed", shop.admin(0, HttpMethod.DELETE, SALES, null));
    }

    @Test
    void shouldBalanceWhileItSells() throws Exception {
        String saleId = shop.sale(200);
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        int audits = 0;
        for (int i = 0; i < 300; i++) {
            answers.add(shop.buying(i % 2, saleId, "buyer" + i, null));
            if (i % 30 == 0) {
                audits += audit(saleId).getInteger("stock") / 200;
            }
        }
        Future<?> all = Future.all(answers);
        while (!all.isComplete()) {
            audits += audit(saleId).getInteger("stock") / 200;
        }

        JsonObject last = audit(saleId);
        assertTrue(audits >= 10);
        assertEquals(0, last.getInteger("remaining"));
        assertEquals(200, last.getInteger("inFlight"));
        assertEquals(0, last.getInteger("oversold"));
        assertEquals(0, last.getInteger("lost"));
    }

    // A counter that someone set by hand: the audit has to notice.
    @Test
    void shouldNotBalanceWhenTheCounterIsWrong() throws Exception {
        String saleId = shop.sale(20);
        Answers.accepted(shop.buy(0, saleId, "ann"));
        shop.redis(Request.cmd(Command.HSET)
                .arg(SaleKeys.of(saleId).sale())
                .arg("remaining")
                .arg("20"));

        JsonObject audit = shop.admin(0, HttpMethod.GET, SALES + "/" + saleId + "/audit", null)
                .bodyAsJsonObject();

        assertEquals(20, audit.getInteger("remaining"));
        assertEquals(1, audit.getInteger("inFlight"));
        assertEquals(false, audit.getBoolean("balanced"));
    }

    @Test
    void shouldTellOperatorsHowItIs() throws Exception {
        HttpResponse<Buffer> live =
                Await.result(shop.management(0, HttpMethod.GET, "/health/live").send());
        HttpResponse<Buffer> ready =
                Await.result(shop.management(0, HttpMethod.GET, "/health/ready").send());
        HttpResponse<Buffer> metrics =
                Await.result(shop.management(0, HttpMethod.GET, "/metrics").send());

        assertEquals(200, live.statusCode());
        assertEquals(200, ready.statusCode());
        assertTrue(metrics.bodyAsString().contains("seckill_gateway_purchases_total"), metrics::bodyAsString);
    }

    private static JsonObject audit(String saleId) throws Exception {
        HttpResponse<Buffer> response = shop.admin(0, HttpMethod.GET, SALES + "/" + saleId + "/audit", null);
        assertEquals(200, response.statusCode(), response::bodyAsString);
        JsonObject audit = response.bodyAsJsonObject();
        assertEquals(true, audit.getBoolean("balanced"), audit::encode);
        return audit;
    }
}
