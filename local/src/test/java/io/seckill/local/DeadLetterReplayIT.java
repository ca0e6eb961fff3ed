package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.seckill.local.Shoppers.Answer;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the purchase to the dead letters and back, on real processes: each unit is somewhere all the while. */
class DeadLetterReplayIT {
    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static Shoppers shoppers;

    @BeforeAll
    static void up() {
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        stack = new LocalStack(settings, new Progress(System.out));
        stack.up(1, 1);
        shoppers = new Shoppers(stack);
    }

    @AfterAll
    static void down() {
        try {
            if (shoppers != null) {
                shoppers.close();
            }
        } finally {
            stack.down();
        }
    }

    @AfterEach
    void empty() {
        shoppers.sql("DELETE FROM dead_letter");
    }

    @Test
    void shouldStoreWhatTheDatabaseRefusedOnceTheCauseIsGone() {
        String saleId = shoppers.openSale(60, 600);
        shoppers.sql("ALTER TABLE orders ADD CONSTRAINT nobody_called_bad CHECK (user_id NOT LIKE 'bad-%')");
        List<Future<Answer>> buying = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            buying.add(shoppers.buy(0, saleId, (i % 10 == 5 ? "bad-" : "good-") + i));
        }
        Shoppers.results(buying).forEach(answer -> assertEquals(202, answer.status()));
        String bad = buying.get(5).result().id();
        awaitDead(saleId, 36, 4);
        assertEquals("rejected", shoppers.state(0, bad, "bad-5"));

        assertReplayed(4, new JsonObject().put("saleId", saleId));
        Shoppers.await("they are dead again", () -> letters("replayed_at IS NULL AND deaths = 2") == 4);
        awaitDead(saleId, 36, 4);

        shoppers.sql("ALTER TABLE orders DROP CONSTRAINT nobody_called_bad");
        stack.kill("worker-1");
        assertReplayed(4, new JsonObject().put("saleId", saleId));
        assertEquals(4, shoppers.audit(saleId).getInteger("deadLettered"), "under way, and counted once");
        shoppers.assertBalanced(shoppers.audit(saleId));
        assertEquals("queued", shoppers.state(0, bad, "bad-5"));
        assertReplayed(0, new JsonObject());
        stack.up(1, 1);

        awaitDead(saleId, 40, 0);
        assertEquals("pending_payment", shoppers.state(0, bad, "bad-5"));
        assertEquals(
                200, Shoppers.result(shoppers.act(0, "cancel", bad, "bad-5")).status());
        Shoppers.await("its unit is back", () -> shoppers.sale(0, saleId).getInteger("remaining") == 21);
        shoppers.assertBalanced(shoppers.audit(saleId));
    }

    @Test
    void shouldSetAsideWhatCannotBeReadAndStoreItsNeighbours() throws Exception {
        String saleId = shoppers.openSale(20, 600);
        Lot nowhere = new Lot("nowhere", 1, 1, System.currentTimeMillis(), 600, List.of(new OrderLine("ann", 1, 1)));
        byte[] laterVersion = new OrderBatch(List.of(nowhere)).encode().getBytes();
        laterVersion[4] = 9;
        List<Future<Answer>> buying = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            buying.add(shoppers.buy(0, saleId, "user-" + i));
        }
        publish("not a batch".getBytes(StandardCharsets.US_ASCII));
        publish(laterVersion);
        publish(new OrderBatch(List.of(nowhere)).encode().getBytes());
        for (int i = 10; i < 20; i++) {
            buying.add(shoppers.buy(0, saleId, "user-" + i));
        }
        Shoppers.results(buying).forEach(answer -> assertEquals(202, answer.status()));
        Shoppers.await(
                "its neighbours are stored", () -> shoppers.states(saleId).equals(Map.of("pending_payment", 20)));
        Shoppers.await("they are set aside", () -> letters("TRUE") == 3);
        assertEquals(1, letters("reason = 'malformed: not an order batch'"));
        assertEquals(1, letters("reason = 'malformed: unknown version 9'"));
        assertEquals(1, letters("reason = 'no_such_sale'"));

        assertReplayed(3, new JsonObject());
        Shoppers.await("each comes back", () -> letters("replayed_at IS NULL AND deaths = 2") == 3);

        // The sale that was missing is there now, as after a restore of the table.
        shoppers.sql(
                "INSERT INTO sale_row (sale_id, title, price_amount, price_currency, stock, max_per_user, starts_at,"
                        + " ends_at, payment_window_s, phase, created_at) VALUES ('nowhere', 't', 990, 'CNY', 1, 1,"
                        + " UTC_TIMESTAMP() - INTERVAL 2 DAY, UTC_TIMESTAMP() - INTERVAL 1 DAY, 600, 'ended', UTC_TIMESTAMP(3))");
        String order = OrderIds.of("nowhere", "ann", 1).toString();
        assertReplayed(1, new JsonObject().put("keys", new JsonArray().add(order)));
        Shoppers.await("it is stored", () -> shoppers.states("nowhere").equals(Map.of("pending_payment", 1)));
        shoppers.assertBalanced(shoppers.audit(saleId));
    }

    private static void awaitDead(String saleId, int pending, int dead) {
        Shoppers.await("each unit is where it belongs", () -> {
            JsonObject audit = shoppers.audit(saleId);
            shoppers.assertBalanced(audit);
            return audit.getInteger("pendingPayment") == pending && audit.getInteger("deadLettered") == dead;
        });
    }

    private static void assertReplayed(int count, JsonObject selection) {
        JsonObject done = shoppers.replay(selection);
        assertEquals(count, done.getJsonArray("replayed").size(), done::encode);
    }

    private static long letters(String condition) {
        return shoppers.number("SELECT COUNT(*) FROM dead_letter WHERE " + condition);
    }

    private static void publish(byte[] body) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(URI.create(stack.addresses().get("SECKILL_AMQP_URI")));
        try (Connection connection = factory.newConnection("tests");
                var channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish(
                    new Topology("seckill").orderExchange(),
                    Topology.ORDER_BATCH_KEY,
                    Topology.orderBatchProperties(),
                    body);
            channel.waitForConfirmsOrDie(10_000);
        }
    }
}
