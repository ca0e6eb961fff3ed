package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.redis.FunctionLibrary;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Redis lost its volatile mark, as after a restart: nothing is sold from what it may have forgotten. */
class FenceIT {
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
    void shouldSellNothingBehindTheFence() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "ann"));
        reloadFunctions();

        // Before the gateway has noticed, and after.
        assertRecovering(shop.buy(0, saleId, "bob"));
        Await.equal("recovering", "the sale's state", () -> state(saleId));
        assertRecovering(shop.buy(0, saleId, "bob"));
        assertRecovering(shop.buy(0, saleId, "ann"));

        assertTrue(shop.status(saleId).present());
        assertFalse(shop.status(saleId).armed());
        assertEquals(4, shop.remaining(saleId));
    }

    @Test
    void shouldNotShowASoldOutSaleAsSoldOutBehindTheFence() throws Exception {
        String saleId = shop.sale(1);
        Answers.accepted(shop.buy(0, saleId, "ann"));
        Await.equal("sold_out", "the sale's state", () -> state(saleId));
        reloadFunctions();

        Await.equal("recovering", "the sale's state", () -> state(saleId));
        assertRecovering(shop.buy(0, saleId, "bob"));
        assertEquals(0, shop.remaining(saleId));
    }

    @Test
    void shouldStillSellWhatWasCreatedSince() throws Exception {
        reloadFunctions();
        String saleId = shop.sale(5);

        Answers.accepted(shop.buy(0, saleId, "ann"));
        assertEquals(4, shop.remaining(saleId));
    }

    // What Redis has is not to be trusted; an audit of it would be a false alarm, or none where there should be one.
    @Test
    void shouldNotAuditBehindTheFence() throws Exception {
        String saleId = shop.sale(5);
        reloadFunctions();

        assertRecovering(shop.admin(0, HttpMethod.GET, "/admin/v1/sales/" + saleId + "/audit", null));
    }

    private static void assertRecovering(HttpResponse<Buffer> response) {
        Answers.problem(503, "recovering", response);
        assertTrue(Integer.parseInt(response.getHeader("retry-after")) > 0);
    }

    private static String state(String saleId) throws Exception {
        return shop.get(0, GatewayFixture.SALES + "/" + saleId, null)
                .bodyAsJsonObject()
                .getString("state");
    }

    private static void reloadFunctions() throws Exception {
        shop.redis(Request.cmd(Command.FUNCTION)
                .arg("LOAD")
                .arg("REPLACE")
                .arg(FunctionLibrary.shipped().code()));
    }
}
