package io.seckill.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Turns settled delivery tags of one channel into as few acks as possible. RabbitMQ numbers a channel's deliveries 1, 2, 3…;
 * once all up to some tag are settled, one ack says so. Pure, not thread-safe.
 */
final class SettledTags {
    /** Acks {@code tag}, and with {@code multiple} all before it. */
    record Ack(long tag, boolean multiple) {}

    private final TreeSet<Long> beyond = new TreeSet<>();
    private long through;

    /** All tags up to this one are settled. */
    long through() {
        return through;
    }

    /** @param tags settled now, each for the first time */
    List<Ack> settle(List<Long> tags) {
        beyond.addAll(tags);
        while (!beyond.isEmpty() && beyond.first() == through + 1) {
            through = beyond.pollFirst();
        }
        List<Ack> acks = new ArrayList<>();
        long prefix = 0;
        for (long tag : tags) {
            if (tag <= through) {
                prefix = Math.max(prefix, tag);
            } else {
                acks.add(new Ack(tag, false));
            }
        }
        if (prefix > 0) {
            // Not `through`: that tag may have been acked alone before, and RabbitMQ closes the channel on a second
            // ack.
            acks.add(0, new Ack(prefix, true));
        }
        return acks;
    }
}
