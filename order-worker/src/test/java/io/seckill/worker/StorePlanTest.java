package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.seckill.worker.OrderRow.SaleEpoch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorePlanTest {
    @Test
    void shouldCountUnitsBySaleAndEpochInGuardOrder() {
        StorePlan plan = StorePlan.of(List.of(
                batch(lot("b", 1, line("u", 2), line("v", 3))),
                batch(lot("a", 2, line("u", 1)), lot("a", 1, line("w", 4)), lot("b", 1, line("x", 5)))));
        assertEquals(
                List.of(
                        Map.entry(new SaleEpoch("a", 1), 4L),
                        Map.entry(new SaleEpoch("a", 2), 1L),
                        Map.entry(new SaleEpoch("b", 1), 10L)),
                List.copyOf(plan.units().entrySet()));
    }

    @Test
    void shouldTakeEqualOrderIdsOnceInOrderOfArrival() {
        OrderBatch twice = batch(lot("s", 1, line("u", 1), line("v", 1)));
        StorePlan plan = StorePlan.of(List.of(twice, batch(lot("s", 1, line("w", 1))), twice));
        assertEquals(
                List.of("u", "v", "w"),
                plan.rows().stream().map(row -> row.line().userId()).toList());
    }

    @Test
    void shouldKeepTheHighestEpochOfAnOrderId() {
        for (int[] epochs : new int[][] {{1, 2}, {2, 1}}) {
            StorePlan plan = StorePlan.of(
                    List.of(batch(lot("s", epochs[0], line("u", 1))), batch(lot("s", epochs[1], line("u", 1)))));
            assertEquals(1, plan.rows().size());
            assertEquals(2, plan.rows().get(0).lot().epoch());
        }
    }

    @Test
    void shouldLockInTheSameOrderWhateverTheArrival() {
        Lot first = lot("s", 1, line("u", 1), line("v", 1), line("w", 1));
        Lot second = lot("t", 1, line("u", 1), line("v", 1), line("w", 1));
        assertEquals(
                StorePlan.of(List.of(batch(first, second))).inLockOrder(),
                StorePlan.of(List.of(batch(second, first))).inLockOrder());
    }

    @Test
    void shouldKnowWhichTimesADatetimeHolds() {
        assertTrue(row(0, 1).hasPossibleTimes());
        assertTrue(row(253_402_300_000_000L, 1).hasPossibleTimes());
        assertFalse(row(253_402_300_000_000L, 900).hasPossibleTimes());
        assertFalse(row(-1, 1).hasPossibleTimes());
        assertFalse(row(Long.MAX_VALUE, 1).hasPossibleTimes());
    }

    private static OrderRow row(long createdAtMs, int windowSeconds) {
        return OrderRow.of(new Lot("s", 1, 1, createdAtMs, windowSeconds, List.of(line("u", 1))), line("u", 1));
    }

    private static OrderBatch batch(Lot... lots) {
        return new OrderBatch(List.of(lots));
    }

    private static Lot lot(String saleId, int epoch, OrderLine... lines) {
        return new Lot(saleId, epoch, 1, 1_000, 60, List.of(lines));
    }

    private static OrderLine line(String user, int quantity) {
        return new OrderLine(user, quantity, 1);
    }
}
