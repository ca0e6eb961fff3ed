package io.seckill.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.stream.Fanout.Seat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who hears when: by a clock of the test's own. */
class FanoutTest {
    private static final int ROUND_MS = 50;

    private final Fanout<Integer> fanout = new Fanout<>();
    private final List<Seat<Integer>> seats = new ArrayList<>();
    private long now = 1_000_000;

    @Test
    void shouldTellNothingWhenNothingChanged() {
        add(3);

        assertEquals(List.of(), rounds(100, 1_000).events());
    }

    @Test
    void shouldTellTheNewestOnceAndAtMostTwiceASecond() {
        add(1);
        int events = 0;
        for (int i = 0; i < 40; i++) {
            fanout.changed(true);
            events += round(1_000).events().size();
        }

        assertEquals(4, events, "in two seconds, after the half second since it connected");
        fanout.changed(false);
        assertEquals(0, round(1_000).events().size(), "too soon");
        now += Fanout.GAP_MS;
        assertEquals(1, round(1_000).events().size(), "the last change arrives");
        assertEquals(0, rounds(20, 1_000).events().size(), "and arrives once");
    }

    @Test
    void shouldTellEveryoneSoonOfWhatMatters() {
        add(5_000);
        now += Fanout.GAP_MS;
        fanout.changed(true);

        Set<Integer> told = new HashSet<>(rounds(10, 0).events());

        assertEquals(5_000, told.size(), "within half a second, whatever the budget");
    }

    @Test
    void shouldKeepToTheBudgetForWhatMerelyCountsDownAndForgetNobody() {
        add(5_000);
        now += Fanout.GAP_MS;
        Set<Integer> told = new HashSet<>();
        int most = 0;
        for (int i = 0; i < 42; i++) {
            fanout.changed(false);
            List<Integer> events = round(125).events();
            most = Math.max(most, events.size());
            told.addAll(events);
        }

        assertEquals(125, most);
        assertEquals(5_000, told.size(), "everyone within 2.1 s");
    }

    @Test
    void shouldTryAgainWhereThereWasNoRoom() {
        add(1);
        now += Fanout.GAP_MS;
        fanout.changed(true);
        assertEquals(1, round(10).events().size());
        fanout.missed(seats.get(0));

        assertEquals(List.of(0), rounds(11, 10).events());
    }

    @Test
    void shouldGiveASignOfLifeToWhoHearsNothingElse() {
        add(2);
        int heartbeats = 0;
        for (int i = 0; i < 61_000 / ROUND_MS; i++) {
            heartbeats += round(10).heartbeats().size();
        }

        assertEquals(2 * 4, heartbeats);
    }

    @Test
    void shouldTellWhoStaysWhileOthersComeAndGo() {
        long seed = Long.getLong("seckill.seed", System.nanoTime());
        System.out.println("FanoutTest -Dseckill.seed=" + seed);
        Random random = new Random(seed);
        Map<Integer, Long> lastHeard = new HashMap<>();
        List<Seat<Integer>> open = new ArrayList<>();
        int next = 0;
        for (int round = 0; round < 2_000; round++) {
            int come = random.nextInt(4);
            for (int i = 0; i < come; i++) {
                lastHeard.put(next, now);
                open.add(fanout.add(next++, now));
            }
            for (int i = random.nextInt(4); i > 0 && open.size() > 50; i--) {
                fanout.remove(open.remove(random.nextInt(open.size())));
            }
            fanout.changed(random.nextInt(20) == 0);
            for (Integer heard : round(50).events()) {
                assertTrue(now - lastHeard.get(heard) >= Fanout.GAP_MS, "seed " + seed);
                lastHeard.put(heard, now);
            }
        }
        assertEquals(open.size(), fanout.size(), "seed " + seed);
        Set<Integer> present = new HashSet<>();
        fanout.forEach(present::add);
        for (Integer watcher : present) {
            assertTrue(now - lastHeard.get(watcher) < 5_000, "seed " + seed + ": nobody is forgotten");
        }
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            seats.add(fanout.add(i, now));
        }
    }

    private Fanout.Round<Integer> round(int budget) {
        now += ROUND_MS;
        return fanout.next(now, budget);
    }

    private Fanout.Round<Integer> rounds(int count, int budget) {
        Fanout.Round<Integer> all = new Fanout.Round<>(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < count; i++) {
            Fanout.Round<Integer> one = round(budget);
            all.events().addAll(one.events());
            all.heartbeats().addAll(one.heartbeats());
        }
        return all;
    }
}
