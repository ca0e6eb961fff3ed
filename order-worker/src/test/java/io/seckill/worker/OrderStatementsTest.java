package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderLine;
import io.seckill.worker.OrderStatements.Bound;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderStatementsTest {
    @Test
    void shouldServeAnyNumberOfRowsWithFewStatements() {
        List<OrderRow> rows = new ArrayList<>();
        for (int i = 0; i < 1_100; i++) {
            OrderLine line = new OrderLine("u" + i, 1, 1);
            rows.add(OrderRow.of(new Lot("s", 1, 1, 1_000, 60, List.of(line)), line));
        }
        Set<String> sql = new HashSet<>();
        for (int size = 1; size <= rows.size(); size++) {
            List<OrderRow> part = rows.subList(0, size);
            int inserted = 0;
            for (Bound insert : OrderStatements.inserts(part, 7)) {
                sql.add(insert.sql());
                assertEquals(placeholders(insert), insert.parameters().size());
                inserted += insert.parameters().size() / 10;
            }
            assertEquals(size, inserted);
            Set<Object> ids = new HashSet<>();
            for (Bound select : OrderStatements.presence(part, 7)) {
                sql.add(select.sql());
                assertEquals(placeholders(select), select.parameters().size());
                assertEquals(7L, select.parameters().getLong(0));
                for (int i = 1; i < select.parameters().size(); i++) {
                    ids.add(select.parameters().getString(i));
                }
            }
            assertEquals(size, ids.size());
        }
        assertTrue(sql.size() <= 20, sql.size() + " statements");
    }

    private static int placeholders(Bound bound) {
        return (int) bound.sql().chars().filter(c -> c == '?').count();
    }
}
