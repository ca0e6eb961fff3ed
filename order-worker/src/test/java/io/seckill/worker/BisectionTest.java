package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderLine;
import io.seckill.worker.Bisection.Refused;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BisectionTest {
    private static final Refusal SQL = new Refusal("sql_1406", null, "");

    @Test
    void shouldCutIntoPiecesThatFitATransaction() {
        Bisection bisection = new Bisection(plan(rows("s", 10)), 4);
        List<Integer> sizes = new ArrayList<>();
        while (bisection.current() != null) {
            sizes.add(bisection.current().rows().size());
            bisection.stored(List.of());
        }
        assertEquals(List.of(4, 4, 2), sizes);
        assertTrue(bisection.refused().isEmpty());
    }

    @Test
    void shouldHaveNothingToDoForNoRows() {
        assertNull(new Bisection(plan(List.of()), 4).current());
    }

    @Test
    void shouldKeepThePieceUntilItIsSettled() {
        Bisection bisection = new Bisection(plan(rows("s", 3)), 4);
        assertEquals(bisection.current(), bisection.current());
    }

    @Test
    void shouldSeparateTheSaleWhoseGuardRefused() {
        List<OrderRow> rows = new ArrayList<>(rows("a", 2));
        rows.addAll(rows("b", 2));
        rows.addAll(rows("a", 1));
        Bisection bisection = new Bisection(plan(rows), 100);
        bisection.refused(new Refusal(Refusal.NO_SUCH_SALE, rows.get(0).saleEpoch(), ""));
        assertEquals(rows("b", 2), bisection.current().rows());
        bisection.stored(List.of());
        assertEquals(3, bisection.current().rows().size());
    }

    @Test
    void shouldReportRowsThatAnotherActiveOrderKeepsOut() {
        List<OrderRow> rows = rows("s", 3);
        Bisection bisection = new Bisection(plan(rows), 100);
        bisection.stored(rows.subList(1, 2));
        assertEquals(
                Refusal.DUPLICATE_ACTIVE_ORDER,
                bisection.refused().get(0).refusal().reason());
        assertEquals(rows.get(1), bisection.refused().get(0).row());
    }

    @Test
    void shouldFindExactlyTheBadRowsAmongAny() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<OrderRow> rows = rows("s", 1 + random.nextInt(300));
            Set<OrderRow> bad = new HashSet<>();
            int badCount = random.nextInt(6);
            for (int i = 0; i < badCount; i++) {
                bad.add(rows.get(random.nextInt(rows.size())));
            }
            Bisection bisection = new Bisection(plan(rows), 1 + random.nextInt(200));
            List<OrderRow> stored = new ArrayList<>();
            int attempts = 0;
            for (StorePlan piece = bisection.current(); piece != null; piece = bisection.current()) {
                attempts++;
                if (piece.rows().stream().anyMatch(bad::contains)) {
                    bisection.refused(SQL);
                } else {
                    stored.addAll(piece.rows());
                    bisection.stored(List.of());
                }
            }
            List<OrderRow> good =
                    rows.stream().filter(row -> !bad.contains(row)).toList();
            assertEquals(good, stored, "seed " + seed);
            assertEquals(
                    bad,
                    new HashSet<>(bisection.refused().stream().map(Refused::row).toList()),
                    "seed " + seed);
            assertEquals(bad.size(), bisection.refused().size(), "seed " + seed);
            assertTrue(attempts <= rows.size() + 20 * (bad.size() + 1), "seed " + seed);
        }
    }

    @Test
    void shouldServeTheFirstComeOnAShortage() {
        List<OrderRow> rows = rows("s", 100);
        Bisection bisection = new Bisection(plan(rows), 64);
        List<OrderRow> stored = new ArrayList<>();
        for (StorePlan piece = bisection.current(); piece != null; piece = bisection.current()) {
            if (stored.size() + piece.rows().size() > 37) {
                bisection.refused(
                        new Refusal(Refusal.STOCK_EXCEEDED, rows.get(0).saleEpoch(), ""));
            } else {
                stored.addAll(piece.rows());
                bisection.stored(List.of());
            }
        }
        assertEquals(rows.subList(0, 37), stored);
        assertEquals(63, bisection.refused().size());
    }

    private static StorePlan plan(List<OrderRow> rows) {
        return new StorePlan(rows);
    }

    private static List<OrderRow> rows(String saleId, int count) {
        List<OrderRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            OrderLine line = new OrderLine("u" + i, 1, 1);
            rows.add(OrderRow.of(new Lot(saleId, 1, 1, 1_000, 60, List.of(line)), line));
        }
        return rows;
    }
}
