package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.worker.SettledTags.Ack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SettledTagsTest {
    @Test
    void shouldAckAPrefixAtOnce() {
        SettledTags tags = new SettledTags();
        assertEquals(List.of(new Ack(3, true)), tags.settle(List.of(1L, 2L, 3L)));
        assertEquals(List.of(new Ack(5, true)), tags.settle(List.of(5L, 4L)));
    }

    @Test
    void shouldAckSinglyBeyondAGap() {
        SettledTags tags = new SettledTags();
        assertEquals(List.of(new Ack(1, true), new Ack(3, false)), tags.settle(List.of(1L, 3L)));
        assertEquals(List.of(new Ack(2, true)), tags.settle(List.of(2L)), "3 was acked already");
        assertEquals(List.of(new Ack(4, true)), tags.settle(List.of(4L)));
    }

    @Test
    void shouldAckEachTagExactlyOnceInAnyOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<Long> order = new ArrayList<>();
            for (long tag = 1; tag <= 50; tag++) {
                order.add(tag);
            }
            Collections.shuffle(order, random);
            SettledTags tags = new SettledTags();
            TreeSet<Long> settled = new TreeSet<>();
            TreeSet<Long> acked = new TreeSet<>();
            for (int from = 0; from < order.size(); ) {
                int to = Math.min(order.size(), from + 1 + random.nextInt(8));
                List<Long> now = order.subList(from, to);
                settled.addAll(now);
                for (Ack ack : tags.settle(now)) {
                    assertTrue(!acked.contains(ack.tag()), "acked twice: the broker closes the channel; seed " + seed);
                    for (long tag = ack.multiple() ? 1 : ack.tag(); tag <= ack.tag(); tag++) {
                        assertTrue(settled.contains(tag), "acked unsettled; seed " + seed);
                        acked.add(tag);
                    }
                }
                assertEquals(settled, acked, "seed " + seed);
                from = to;
            }
        }
    }
}
