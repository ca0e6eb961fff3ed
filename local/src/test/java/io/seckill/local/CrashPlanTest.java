package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.fault.CrashPoint;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrashPlanTest {
    @ParameterizedTest
    @EnumSource(CrashPoint.class)
    void shouldArmTheProcessThatGetsThere(CrashPoint point) {
        CrashPlan plan = CrashPlan.of(point);

        assertTrue(plan.armed().containsValue(point));
        List<CrashPoint> elsewhere =
                plan.armed().values().stream().filter(armed -> armed != point).toList();
        assertEquals(point.id().startsWith("relay-") ? List.of(CrashPoint.PURCHASE_RESERVED) : List.of(), elsewhere);
    }
}
