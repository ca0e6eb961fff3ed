package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.gateway.payment.PaymentSignature;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Orders in MySQL, stored as a worker would, and the payment provider's side of them. */
final class OrderBook implements AutoCloseable {
    static final PaymentSignature SIGNATURE = PaymentSignature.parse(Backends.PAYMENT_SECRET);

    private final GatewayFixture shop;
    private final Connection mysql;
    private final AtomicInteger events = new AtomicInteger();

    OrderBook(GatewayFixture shop) throws Exception {
        this.shop = shop;
        this.mysql = DriverManager.getConnection(
                "jdbc:mariadb://" + shop.settings().mysqlHost() + ":"
                        + shop.settings().mysqlPort() + "/" + shop.settings().mysqlDatabase()
                        + "?allowPublicKeyRetrieval=true",
                shop.settings().mysqlUser(),
                shop.settings().mysqlPassword());
    }

    /** Stores everything that is in the order queue. */
    void storeAll() throws Exception {
        List<String> rows = new ArrayList<>();
        List<String> sold = new ArrayList<>();
        for (OrderBatch batch : shop.take(shop.topology().orderQueue())) {
            for (Lot lot : batch.lots()) {
                for (OrderLine line : lot.orders()) {
                    rows.add("('" + OrderIds.of(lot.saleId(), line.userId(), line.attempt()) + "','" + lot.saleId()
                            + "','" + line.userId() + "'," + line.quantity() + "," + line.attempt() + ",'"
                            + sql(lot.createdAt()) + "','" + sql(lot.payBy()) + "'," + lot.epoch() + "," + lot.seq()
                            + ",1)");
                    sold.add("UPDATE sale_row SET sold = sold + " + line.quantity() + " WHERE sale_id = '"
                            + lot.saleId() + "'");
                }
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            int fresh;
            try (Statement statement = mysql.createStatement()) {
                fresh = statement.executeUpdate("INSERT IGNORE INTO orders (order_id, sale_id, user_id, quantity,"
                        + " attempt, created_at, pay_by, epoch, lot_seq, batch_id) VALUES " + rows.get(i));
            }
            if (fresh == 1) {
                shop.sql(sold.get(i));
            }
        }
    }

    /** Buys, and stores the order: its JSON. */
    JsonObject buy(String saleId, String user) throws Exception {
        JsonObject order = Answers.accepted(shop.buy(0, saleId, user));
        storeAll();
        return order;
    }

    /** As if the payment window were over. */
    void makeDue(String orderId) throws Exception {
        shop.sql("UPDATE orders SET pay_by = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE order_id = '" + orderId + "'");
    }

    String state(String orderId) throws Exception {
        return text("SELECT state FROM orders WHERE order_id = '" + orderId + "'");
    }

    String text(String sql) throws Exception {
        try (Statement statement = mysql.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    HttpResponse<Buffer> act(int gateway, String action, String orderId, String user) throws Exception {
        return Await.result(acting(gateway, action, orderId, user));
    }

    Future<HttpResponse<Buffer>> acting(int gateway, String action, String orderId, String user) {
        return shop.request(gateway, HttpMethod.POST, "/api/v1/orders/" + orderId + "/" + action, user)
                .send();
    }

    JsonObject event(String type, String paymentId, String orderId, long amount) {
        return new JsonObject()
                .put("id", "evt_" + events.incrementAndGet())
                .put("type", "payment." + type)
                .put("occurredAt", Instant.now().toString())
                .put(
                        "payment",
                        new JsonObject()
                                .put("id", paymentId)
                                .put("orderId", orderId)
                                .put("amount", amount)
                                .put("currency", "CNY"));
    }

    int tell(int gateway, JsonObject event) throws Exception {
        return Await.result(telling(gateway, event)).statusCode();
    }

    Future<HttpResponse<Buffer>> telling(int gateway, JsonObject event) {
        Buffer body = event.toBuffer();
        return shop.request(gateway, HttpMethod.POST, "/api/v1/payments/events", null)
                .putHeader(PaymentSignature.HEADER, SIGNATURE.sign(System.currentTimeMillis(), body))
                .sendBuffer(body);
    }

    /** State and reason of a payment. */
    void assertPayment(String expected, String paymentId) throws Exception {
        assertEquals(
                expected,
                text("SELECT CONCAT_WS(' ', state, reason) FROM payment WHERE payment_id = '" + paymentId + "'"));
    }

    private static String sql(Instant instant) {
        return instant.toString().replace('T', ' ').replace("Z", "");
    }

    @Override
    public void close() throws Exception {
        mysql.close();
    }
}
