package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.schema.message.OrderIds;
import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The audit at each step of a unit's way back, the steps done by hand. */
class AuditRestockIT {
    private record Ended(String userId, int attempt) implements SeckillFunctions.Release {}

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
    void shouldBalanceAtEachStepOfTheWayBack() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "ann", "{\"quantity\":2}"));
        assertTerms(saleId, 3, 2, 0, 0);

        store(saleId, "ann", 1, 2, 1);
        assertTerms(saleId, 3, 0, 2, 0);

        cancel(saleId, "ann", 1);
        assertTerms(saleId, 3, 0, 0, 2);

        long seq = release(saleId, "ann", 1);
        assertTerms(saleId, 5, 0, 0, 0);

        Answers.accepted(shop.buy(0, saleId, "ann", "{\"quantity\":1}"));
        assertTerms(saleId, 4, 1, 0, 0);

        mark(saleId, "ann", 1, seq);
        assertTerms(saleId, 4, 1, 0, 0);

        store(saleId, "ann", 2, 1, 3);
        assertTerms(saleId, 4, 0, 1, 0);
    }

    @Test
    void shouldNoticeAUnitThatCameBackTwice() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "bob"));
        store(saleId, "bob", 1, 1, 1);
        cancel(saleId, "bob", 1);
        mark(saleId, "bob", 1, release(saleId, "bob", 1));
        shop.redis(io.vertx.redis.client.Request.cmd(io.vertx.redis.client.Command.HINCRBY)
                .arg(SaleKeys.of(saleId).sale())
                .arg("remaining")
                .arg(1));

        JsonObject audit = audit(saleId);

        assertEquals(6, audit.getInteger("remaining"));
        assertEquals(false, audit.getBoolean("balanced"));
    }

    private static void store(String saleId, String user, int attempt, int quantity, long seq) throws Exception {
        shop.sql("INSERT INTO orders (order_id, sale_id, user_id, quantity, attempt, created_at, pay_by, epoch,"
                + " lot_seq, batch_id) VALUES ('" + OrderIds.of(saleId, user, attempt) + "', '" + saleId + "', '" + user
                + "', " + quantity + ", " + attempt + ", UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, 1, "
                + seq
                + ", 1)");
        shop.sql("UPDATE sale_row SET sold = sold + " + quantity + " WHERE sale_id = '" + saleId + "'");
    }

    private static void cancel(String saleId, String user, int attempt) throws Exception {
        String id = OrderIds.of(saleId, user, attempt).toString();
        shop.sql("UPDATE orders SET state = 'cancelled' WHERE order_id = '" + id + "'");
        shop.sql("INSERT INTO restock (order_id, sale_id, user_id, attempt, quantity, created_at) SELECT order_id,"
                + " sale_id, user_id, attempt, quantity, UTC_TIMESTAMP(3) FROM orders WHERE order_id = '" + id + "'");
        shop.sql("UPDATE sale_row SET sold = sold - (SELECT quantity FROM orders WHERE order_id = '" + id
                + "') WHERE sale_id = '" + saleId + "'");
    }

    private static long release(String saleId, String user, int attempt) throws Exception {
        return shop.functions(functions -> functions.release(SaleKeys.of(saleId), 1, List.of(new Ended(user, attempt))))
                .get(0);
    }

    private static void mark(String saleId, String user, int attempt, long seq) throws Exception {
        shop.sql("UPDATE restock SET applied_at = UTC_TIMESTAMP(3), applied_seq = " + seq + " WHERE order_id = '"
                + OrderIds.of(saleId, user, attempt) + "'");
    }

    private static void assertTerms(String saleId, int remaining, int inFlight, int pending, int restocking)
            throws Exception {
        JsonObject audit = audit(saleId);
        assertEquals(true, audit.getBoolean("balanced"), audit::encode);
        assertEquals(remaining, audit.getInteger("remaining"), audit::encode);
        assertEquals(inFlight, audit.getInteger("inFlight"), audit::encode);
        assertEquals(pending, audit.getInteger("pendingPayment"), audit::encode);
        assertEquals(restocking, audit.getInteger("restocking"), audit::encode);
    }

    private static JsonObject audit(String saleId) throws Exception {
        return shop.admin(0, HttpMethod.GET, "/admin/v1/sales/" + saleId + "/audit", null)
                .bodyAsJsonObject();
    }
}
