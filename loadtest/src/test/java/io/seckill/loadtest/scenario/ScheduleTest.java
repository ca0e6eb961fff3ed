package io.seckill.loadtest.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    private static final Size SIZE = new Size(2_000, 4_000, 500, 0);

    @ParameterizedTest
    @EnumSource
    void shouldBeTheSameForTheSameSeedAndAnotherForAnother(Scenario scenario) {
        Schedule schedule = Schedule.of(scenario, SIZE, 7);

        assertEquals(schedule.visits(), Schedule.of(scenario, SIZE, 7).visits());
        assertEquals(schedule.stocks(), Schedule.of(scenario, SIZE, 7).stocks());
        assertNotEquals(schedule.visits(), Schedule.of(scenario, SIZE, 8).visits());
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetEachUserComeInOrderOfTime(Scenario scenario) {
        List<Schedule.Visit> visits = Schedule.of(scenario, SIZE, 7).visits();

        assertEquals(
                SIZE.users(),
                visits.stream().map(Schedule.Visit::user).distinct().count());
        for (int i = 1; i < visits.size(); i++) {
            assertTrue(visits.get(i - 1).offsetMicros() <= visits.get(i).offsetMicros());
        }
        assertTrue(visits.get(0).offsetMicros() >= 0);
    }

    @Test
    void shouldKeepItsRateWhateverIsAnswered() {
        Schedule schedule = Schedule.of(Scenario.SUSTAINED, SIZE, 7);

        // 500 a second; three deviations of chance are 67.
        for (int second = 0; second < 4; second++) {
            int came = schedule.dueBy((second + 1) * 1_000_000L) - schedule.dueBy(second * 1_000_000L);
            assertEquals(500, came, 67);
        }
        assertTrue(schedule.lastMicros() < 4_000_000);
    }

    @Test
    void shouldRushAtOnce() {
        Schedule schedule = Schedule.of(Scenario.RUSH, SIZE, 7);

        assertEquals(1_000, schedule.dueBy(400_000), 100);
        assertTrue(schedule.lastMicros() < 4_000_000);
    }

    @Test
    void shouldPressFiveTimesWithoutWaitingForAnAnswer() {
        Schedule schedule = Schedule.of(Scenario.RETRY_STORM, SIZE, 7);

        Map<Integer, Long> presses =
                schedule.visits().stream().collect(Collectors.groupingBy(Schedule.Visit::user, Collectors.counting()));
        assertEquals(List.of(5L), presses.values().stream().distinct().toList());
        long[] first = schedule.visits().stream()
                .filter(visit -> visit.user() == 0)
                .mapToLong(Schedule.Visit::offsetMicros)
                .toArray();
        assertTrue(first[4] - first[0] <= 1_200_000, Arrays.toString(first));
    }

    @Test
    void shouldSpreadSalesAsZipfSays() {
        Schedule schedule = Schedule.of(Scenario.MIXED, new Size(50_000, 10_000, 5_000, 0), 7);

        int[] visitors = new int[50];
        schedule.visits().forEach(visit -> visitors[visit.sale()]++);
        // Of 50 ranks the first has 1/4.499 of all, the second half of that.
        assertEquals(50_000 / 4.499, visitors[0], 300);
        assertEquals(visitors[0] / 2.0, visitors[1], 300);
        assertEquals(visitors[0] / 10.0, visitors[9], 150);
        assertEquals(
                5_000, schedule.stocks().stream().mapToInt(Integer::intValue).sum(), 25);
    }

    @Test
    void shouldDrawEveryRank() {
        Zipf zipf = new Zipf(3);
        Random random = new Random(7);

        assertEquals(6 / 11.0, zipf.share(0), 1e-9);
        assertEquals(1.0, zipf.share(0) + zipf.share(1) + zipf.share(2), 1e-9);
        assertEquals(
                List.of(0, 1, 2),
                random.ints(1_000)
                        .map(i -> zipf.draw(random))
                        .distinct()
                        .sorted()
                        .boxed()
                        .toList());
    }

    @Test
    void shouldLookAndShopWhereOneBrowses() {
        Map<Schedule.Act, Long> acts = Schedule.of(Scenario.BROWSE, SIZE, 7).visits().stream()
                .collect(Collectors.groupingBy(Schedule.Visit::act, Collectors.counting()));

        assertEquals(800, acts.get(Schedule.Act.SHOP), 70);
        assertEquals(1_200, acts.get(Schedule.Act.LOOK), 70);
    }

    @Test
    void shouldCountWhoIsDue() {
        Schedule schedule = new Schedule(
                List.of(
                        new Schedule.Visit(0, Schedule.Act.BUY, 0, 0),
                        new Schedule.Visit(10, Schedule.Act.BUY, 0, 1),
                        new Schedule.Visit(10, Schedule.Act.BUY, 0, 2)),
                List.of(1));

        assertEquals(0, schedule.dueBy(-1));
        assertEquals(1, schedule.dueBy(0));
        assertEquals(1, schedule.dueBy(9));
        assertEquals(3, schedule.dueBy(10));
    }
}
