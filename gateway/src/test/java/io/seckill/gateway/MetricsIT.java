package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.fault.TcpProxy.Direction;
import io.seckill.schema.redis.BuyerEntry;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator sees of the sales in the metrics. */
class MetricsIT {
    private static final long LONG_AGO_MS = 60_000;
    private static final int DELAY_MS = 200;

    private GatewayFixture shop;
    private OrderBook book;

    @BeforeEach
    void start() throws Exception {
        shop = new GatewayFixture(0);
        TestGateway gateway =
                shop.start(Map.of("SECKILL_AUDIT_EVERY_MS", "200", "SECKILL_MISSING_AFTER_MS", "3600000"));
        Await.until("the gateway is ready", gateway::isReady);
        book = new OrderBook(shop);
    }

    @AfterEach
    void stop() throws Exception {
        book.close();
        shop.close();
    }

    @Test
    void shouldShowASaleAndWhatWaitsForAWorker() throws Exception {
        String saleId = shop.sale(10);
        Answers.accepted(shop.buy(0, saleId, "ann"));

        Await.equal(9.0, "units left", () -> of("seckill_sale_remaining_units", saleId));
        assertEquals(10.0, of("seckill_sale_stock_units", saleId));
        assertEquals(1.0, of("seckill_sale_epoch", saleId));
        assertEquals(1.0, value("seckill_sales{state=\"open\"}"));
        assertEquals(1.0, value("seckill_gateway_message_orders_count"));
        Await.equal(1.0, "messages", () -> value("seckill_queue_messages{queue=\"orders\"}"));
        shop.take(shop.topology().orderQueue());
    }

    @Test
    void shouldNameTwentySalesAndPutTheRestTogether() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            ids.add(shop.sale(100));
        }

        Await.equal(300.0, "the units of the others", () -> of("seckill_sale_stock_units", "other"));
        assertEquals(
                20,
                ids.stream()
                        .filter(id -> of("seckill_sale_stock_units", id) == 100)
                        .count());
        assertEquals(2_300.0, Metrics.value(shop, 0, "seckill_sale_remaining_units"));
        assertEquals(20.0, Metrics.value(shop, 0, "seckill_sale_epoch"));
    }

    @Test
    void shouldShowWhatAnAuditFindsUntilItIsMended() throws Exception {
        String saleId = shop.sale(10);
        String orderId = book.buy(saleId, "ann").getString("id");
        Await.until("it balances", () -> value("seckill_audit_time_seconds_count{outcome=\"balanced\"}") > 0);

        shop.sql("UPDATE orders SET quantity = 13 WHERE order_id = '" + orderId + "'");
        Await.equal(3.0, "units oversold", () -> of("seckill_audit_oversold_units", saleId));
        assertEquals(-12.0, of("seckill_audit_difference_units", saleId));
        assertTrue(value("seckill_audit_time_seconds_count{outcome=\"unbalanced\"}") > 0);

        shop.sql("UPDATE orders SET quantity = 1 WHERE order_id = '" + orderId + "'");
        Await.equal(0.0, "units oversold", () -> of("seckill_audit_oversold_units", saleId));
        assertEquals(0.0, of("seckill_audit_difference_units", saleId));
    }

    @Test
    void shouldShowUnitsThatAreNowhere() throws Exception {
        String saleId = shop.sale(10);
        String orderId = book.buy(saleId, "ann").getString("id");
        Await.until("all is trimmed", () -> shop.status(saleId).unconfirmed() == 0);

        // Accepted long ago, stored, and gone from the table.
        SaleKeys keys = SaleKeys.of(saleId);
        BuyerEntry entry = shop.functions(functions -> functions.find(keys, "ann"));
        shop.redis(Request.cmd(Command.HSET)
                .arg(keys.buyers())
                .arg("ann")
                .arg("a:%d:%d:%d:%d:%d"
                        .formatted(
                                entry.attempt(),
                                entry.quantity(),
                                entry.epoch(),
                                entry.seq(),
                                entry.createdAtMs() - LONG_AGO_MS)));
        shop.sql("DELETE FROM orders WHERE order_id = '" + orderId + "'");

        Await.equal(1.0, "units lost", () -> of("seckill_audit_lost_units", saleId));
        assertEquals(1.0, of("seckill_audit_difference_units", saleId));
    }

    @Test
    void shouldShowHowLongAnOrderWaitsForItsConfirm() throws Exception {
        String saleId = shop.sale(10);
        try (ProxiedGateway slow = new ProxiedGateway(shop, Map.of())) {
            shop.stop(shop.gateway(0));
            slow.amqp.delay(Direction.REPLIES, Integer.MAX_VALUE);
            Answers.problem(503, "outcome_unknown", shop.buy(0, saleId, "ann"));

            Await.until("it grows old", () -> value("seckill_outbox_oldest_age_seconds") > 3);
            Await.until("it says why", () -> value("seckill_gateway_component_ready{component=\"rabbitmq\"}") == 0);
            assertEquals(1.0, Metrics.value(shop, 0, "seckill_gateway_confirms_missed_total"));
            assertEquals(0.0, value("seckill_gateway_ready"));

            slow.amqp.delay(Direction.REPLIES, 0);
            Await.equal(0.0, "the oldest's age", () -> value("seckill_outbox_oldest_age_seconds"));
            assertEquals(1.0, value("seckill_gateway_lots_relayed_total"));
            shop.take(shop.topology().orderQueue());
        }
    }

    @Test
    void shouldShowHowLongMysqlsPoolIsWaitedFor() throws Exception {
        String saleId = shop.sale(10);
        String path = "/api/v1/orders/" + book.buy(saleId, "ann").getString("id");
        Map<String, String> settings = Map.of("SECKILL_MYSQL_POOL", "1", "SECKILL_MYSQL_TIMEOUT_MS", "10000");
        try (ProxiedGateway slow = new ProxiedGateway(shop, settings)) {
            shop.stop(shop.gateway(0));
            assertEquals(200, shop.get(0, path, "ann").statusCode());
            slow.mysql.delay(Direction.REPLIES, DELAY_MS);

            List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(shop.request(0, HttpMethod.GET, path, "ann").send());
            }
            for (Future<HttpResponse<Buffer>> answer : answers) {
                assertEquals(200, Await.result(answer).statusCode());
            }
            slow.mysql.delay(Direction.REPLIES, 0);

            // The last one came a moment after the first, but waited for the whole of the second.
            double longest = value("seckill_gateway_mysql_wait_seconds_max{pool=\"shoppers\"}");
            assertTrue(longest >= DELAY_MS / 1_000.0, () -> longest + " s");
        }
    }

    private double of(String metric, String sale) {
        return value(metric + "{sale=\"" + sale + "\"}");
    }

    private double value(String series) {
        try {
            return Metrics.series(shop, 0, series);
        } catch (Exception e) {
            throw new AssertionError(series, e);
        }
    }
}
