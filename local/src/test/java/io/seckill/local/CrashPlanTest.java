package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.fault.CrashPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrashPlanTest {
    @Test
    void shouldLeadToEachPointButThoseOfACancellation() {
        List<CrashPoint> others = new ArrayList<>(Arrays.asList(CrashPoint.values()));
        others.removeAll(CrashPlan.points());

        assertTrue(others.stream().allMatch(point -> point.id().startsWith("cancel-")), others::toString);
    }

    @ParameterizedTest
    @EnumSource(CrashPoint.class)
    void shouldArmTheProcessThatGetsThere(CrashPoint point) {
        CrashPlan.of(point).ifPresent(plan -> {
            assertTrue(plan.armed().containsValue(point));
            List<CrashPoint> elsewhere = plan.armed().values().stream()
                    .filter(armed -> armed != point)
                    .toList();
            assertEquals(
                    point.id().startsWith("relay-") ? List.of(CrashPoint.PURCHASE_RESERVED) : List.of(), elsewhere);
        });
    }
}
