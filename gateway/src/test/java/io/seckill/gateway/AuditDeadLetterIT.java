package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.schema.redis.SaleKeys;
import io.seckill.schema.redis.SeckillFunctions.Armed;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The audit of a sale whose orders died: each unit is counted once, wherever its letter is on its way. */
class AuditDeadLetterIT {
    private static GatewayFixture shop;
    private static DeadOrders dead;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
        dead = new DeadOrders(shop);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @Test
    void shouldCountAReplayedLetterOnceUntilItsOrderIsStored() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "ann"));
        assertTerms(saleId, 4, 1, 0, 0);

        String key = dead.order(saleId, "ann", 1, "no_such_sale");
        assertTerms(saleId, 4, 0, 0, 1);

        shop.sql("UPDATE dead_letter SET replayed_at = UTC_TIMESTAMP(3) WHERE dead_key = '" + key + "'");
        assertTerms(saleId, 4, 0, 0, 1);

        dead.store(saleId, "ann");
        assertTerms(saleId, 4, 0, 1, 0);
    }

    @Test
    void shouldCountAnOrderThatWasCarriedIntoALaterEpochAsBeforeItsCuts() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "ann"));
        dead.order(saleId, "ann", 1, "no_such_sale");
        rebuilt(saleId, 1, 2);
        assertTerms(saleId, 4, 0, 0, 1);

        dead.store(saleId, "ann", 2, 0);

        assertTerms(saleId, 4, 0, 1, 0);
    }

    @Test
    void shouldNotCountUnitsThatNeverExisted() throws Exception {
        String saleId = shop.sale(1);
        Answers.accepted(shop.buy(0, saleId, "ann"));
        dead.store(saleId, "ann");
        // Redis forgot that it was sold, and sold it again.
        shop.redis(Request.cmd(Command.HSET)
                .arg(SaleKeys.of(saleId).sale())
                .arg("remaining")
                .arg("1"));
        Await.until("it is on sale again", () -> shop.buy(0, saleId, "bob").statusCode() == 202);
        dead.order(saleId, "bob", 1, "stock_exceeded");

        assertTerms(saleId, 0, 0, 1, 0);
    }

    @Test
    void shouldCountAPurchaseMadeAnewAndNotTheStaleLetterOfTheSameId() throws Exception {
        String saleId = shop.sale(5);
        rebuilt(saleId, 0, 2);
        dead.order(saleId, "ann", 1, "stale_epoch");
        dead.order(saleId, "bob", 1, "stock_exceeded");
        bought(saleId, "ann", 2);
        bought(saleId, "bob", 2);

        assertTerms(saleId, 3, 2, 0, 0);
    }

    @Test
    void shouldCountAStaleLetterWhileRedisStillHasItsUnits() throws Exception {
        String saleId = shop.sale(5);
        Answers.accepted(shop.buy(0, saleId, "ann"));
        dead.order(saleId, "ann", 1, "stale_epoch");

        assertTerms(saleId, 4, 0, 0, 1);
    }

    /** As after a rebuild that found the buyers as they are: a later epoch, nothing in the outbox, armed. */
    private static void rebuilt(String saleId, int buyers, int epoch) throws Exception {
        SaleKeys keys = SaleKeys.of(saleId);
        shop.sql("UPDATE sale_row SET epoch = " + epoch + ", accept_epoch = " + epoch + " WHERE sale_id = '" + saleId
                + "'");
        assertEquals(true, shop.functions(functions -> functions.fence(keys, epoch)));
        shop.redis(Request.cmd(Command.HSET).arg(keys.sale()).arg("epoch").arg("" + epoch));
        shop.redis(Request.cmd(Command.HDEL).arg(keys.sale()).arg("fence"));
        shop.redis(Request.cmd(Command.DEL).arg(keys.outbox()).arg(keys.lots()));
        assertEquals(Armed.ARMED, shop.functions(functions -> functions.arm(keys, epoch, buyers)));
    }

    /** A purchase under this epoch, of which nothing is on its way. */
    private static void bought(String saleId, String user, int epoch) throws Exception {
        for (String[] change : new String[][] {{"remaining", "-1"}, {"seq", "1"}, {"holders", "1"}}) {
            shop.redis(Request.cmd(Command.HINCRBY)
                    .arg(SaleKeys.of(saleId).sale())
                    .arg(change[0])
                    .arg(change[1]));
        }
        shop.redis(Request.cmd(Command.HSET)
                .arg(SaleKeys.of(saleId).buyers())
                .arg(user)
                .arg("a:1:1:" + epoch + ":1:" + System.currentTimeMillis()));
    }

    private static void assertTerms(String saleId, int remaining, int inFlight, int pending, int deadLettered)
            throws Exception {
        JsonObject audit = shop.admin(0, HttpMethod.GET, "/admin/v1/sales/" + saleId + "/audit", null)
                .bodyAsJsonObject();
        assertEquals(true, audit.getBoolean("balanced"), audit::encode);
        assertEquals(remaining, audit.getInteger("remaining"), audit::encode);
        assertEquals(inFlight, audit.getInteger("inFlight"), audit::encode);
        assertEquals(pending, audit.getInteger("pendingPayment"), audit::encode);
        assertEquals(deadLettered, audit.getInteger("deadLettered"), audit::encode);
        assertEquals(0, audit.getInteger("lost"), audit::encode);
    }
}
