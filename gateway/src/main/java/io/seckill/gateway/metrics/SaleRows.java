package io.seckill.gateway.metrics;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/** One value a sale, under the label {@code sale}: of the first few by their ids, and the sum of all others. Pure. */
final class SaleRows {
    /** So many sales have series of their own at a time. */
    static final int MOST = 20;
    /** What the rest goes by; a sale of this very id is among them. */
    static final String OTHER = "other";

    /** What a sale has. */
    record Value(String saleId, double value) {}

    private SaleRows() {}

    /** @param values those that matter most first */
    static List<MultiGauge.Row<?>> of(List<Value> values) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        double rest = 0;
        for (Value value : values) {
            if (rows.size() < MOST && !value.saleId.equals(OTHER)) {
                rows.add(row(value.saleId, value.value));
            } else {
                rest += value.value;
            }
        }
        rows.add(row(OTHER, rest));
        return rows;
    }

    private static MultiGauge.Row<?> row(String saleId, double value) {
        return MultiGauge.Row.of(Tags.of("sale", saleId), value);
    }
}
