package io.seckill.worker;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.buffer.Buffer;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * One order on its way into MySQL.
 *
 * @param orderId as stored
 * @param lot the lot that it came in
 * @param line the purchase
 */
record OrderRow(String orderId, Lot lot, OrderLine line) {
    // DATETIME ends with the year 9999; the client would write a later year modulo 65536.
    private static final long MAX_DATETIME_MS = 253_402_300_799_000L;

    static OrderRow of(Lot lot, OrderLine line) {
        return new OrderRow(
                OrderIds.of(lot.saleId(), line.userId(), line.attempt()).toString(), lot, line);
    }

    SaleEpoch saleEpoch() {
        return new SaleEpoch(lot.saleId(), lot.epoch());
    }

    /** Whether a DATETIME can hold its times at all. */
    boolean hasPossibleTimes() {
        return lot.createdAtMs() >= 0
                && lot.createdAtMs() < MAX_DATETIME_MS
                && lot.payBy().toEpochMilli() < MAX_DATETIME_MS;
    }

    /** UTC, without a zone: what a DATETIME holds, whatever the time zones of this process and of the session. */
    LocalDateTime createdAt() {
        return LocalDateTime.ofInstant(lot.createdAt(), ZoneOffset.UTC);
    }

    LocalDateTime payBy() {
        return LocalDateTime.ofInstant(lot.payBy(), ZoneOffset.UTC);
    }

    /** A batch of this order alone, for a dead letter. */
    Buffer encodeAlone() {
        return new OrderBatch(List.of(new Lot(
                        lot.saleId(),
                        lot.epoch(),
                        lot.seq(),
                        lot.createdAtMs(),
                        lot.paymentWindowSeconds(),
                        List.of(line))))
                .encode();
    }

    /** What one guard covers. Ordered, so that all workers lock sales in the same order. */
    record SaleEpoch(String saleId, int epoch) implements Comparable<SaleEpoch> {
        @Override
        public int compareTo(SaleEpoch other) {
            int bySale = saleId.compareTo(other.saleId);
            return bySale != 0 ? bySale : Integer.compare(epoch, other.epoch);
        }
    }
}
