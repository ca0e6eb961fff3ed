package io.seckill.gateway;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import java.util.HexFormat;
import java.util.List;

/** Dead letters in MySQL, as a worker records them. */
final class DeadOrders {
    private static final long CREATED_AT_MS = 1_900_000_000_000L;

    private final GatewayFixture shop;
    private int letters;

    DeadOrders(GatewayFixture shop) {
        this.shop = shop;
    }

    /** A letter of one unit, attempt 1; each is a second newer than the one before. Returns its key, the order's id. */
    String order(String saleId, String user, int epoch, String reason) throws Exception {
        String key = OrderIds.of(saleId, user, 1).toString();
        insert(
                "'" + key + "', '" + key + "', '" + saleId + "', '" + user + "', 1, 1, " + epoch,
                reason,
                payload(saleId, user, epoch));
        return key;
    }

    byte[] payload(String saleId, String user, int epoch) {
        Lot lot = new Lot(saleId, epoch, 1, CREATED_AT_MS, 900, List.of(new OrderLine(user, 1, 1)));
        return new OrderBatch(List.of(lot)).encode().getBytes();
    }

    String malformed(byte[] payload) throws Exception {
        return malformed(payload, "malformed: not an order batch");
    }

    String malformed(byte[] payload, String reason) throws Exception {
        String key = String.format("%064x", letters + 0xabcdefL);
        insert("'" + key + "', NULL, NULL, NULL, 0, NULL, NULL", reason, payload);
        return key;
    }

    /** The order of a letter is stored after all, as a worker does. */
    void store(String saleId, String user, int epoch, long seq) throws Exception {
        shop.sql("INSERT INTO orders (order_id, sale_id, user_id, quantity, attempt, created_at, pay_by, epoch,"
                + " lot_seq, batch_id) VALUES ('" + OrderIds.of(saleId, user, 1) + "', '" + saleId + "', '" + user
                + "', 1, 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, " + epoch + ", " + seq + ", 1)");
        shop.sql("UPDATE sale_row SET sold = sold + 1 WHERE sale_id = '" + saleId + "'");
    }

    void store(String saleId, String user) throws Exception {
        store(saleId, user, 1, 1);
    }

    private void insert(String identity, String reason, byte[] payload) throws Exception {
        shop.sql("INSERT INTO dead_letter (dead_key, order_id, sale_id, user_id, quantity, attempt, epoch, reason,"
                + " payload, created_at) VALUES (" + identity + ", '" + reason + "', x'"
                + HexFormat.of().formatHex(payload) + "', UTC_TIMESTAMP(3) + INTERVAL " + letters++ + " SECOND)");
    }
}
