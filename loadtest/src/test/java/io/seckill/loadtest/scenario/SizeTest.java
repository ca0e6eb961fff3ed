package io.seckill.loadtest.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SizeTest {

    private static Size.Wish wish(Integer users, Integer seconds, Integer rate, Integer stock) {
        return new Size.Wish(
                Optional.ofNullable(users),
                Optional.ofNullable(seconds),
                Optional.ofNullable(rate),
                Optional.ofNullable(stock));
    }

    @Test
    void shouldBeTheScenariosOwnUnlessAskedOtherwise() {
        for (Scenario scenario : Scenario.values()) {
            Size size = Size.of(scenario, Size.Wish.NONE);

            assertEquals(scenario.users(), size.users());
            assertEquals(scenario.stock(), size.stock());
            assertTrue(size.millis() <= 15_000, scenario.title());
        }
    }

    @Test
    void shouldTakeTheThirdFromTwo() {
        assertEquals(new Size(600, 6_000, 600, 0), Size.of(Scenario.SUSTAINED, wish(null, 6, 100, null)));
        assertEquals(new Size(600, 6_000, 600, 0), Size.of(Scenario.SUSTAINED, wish(600, null, 100, null)));
        assertEquals(new Size(600, 6_000, 600, 0), Size.of(Scenario.SUSTAINED, wish(600, 6, null, null)));
        assertEquals(new Size(600, 6_000, 7, 0), Size.of(Scenario.SUSTAINED, wish(600, 6, 100, 7)));
    }

    @Test
    void shouldRefuseWhatDoesNotGoTogetherOrIsTooLarge() {
        assertThrows(IllegalArgumentException.class, () -> Size.of(Scenario.RUSH, wish(600, 6, 101, null)));
        assertThrows(IllegalArgumentException.class, () -> Size.of(Scenario.RUSH, wish(500_001, null, null, null)));
        assertThrows(IllegalArgumentException.class, () -> Size.of(Scenario.RUSH, wish(10_000, null, 1, null)));
    }
}
