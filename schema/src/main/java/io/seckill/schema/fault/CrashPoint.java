package io.seckill.schema.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Named places at which a test lets this process die as {@code kill -9} would: between two steps that must not depend on
 * each other. Off unless the process was started with {@code SECKILL_CRASH_AT}; passing one then costs a comparison.
 */
public enum CrashPoint {
    /** Gateway: Redis has taken the units; nothing is published. */
    PURCHASE_RESERVED,
    /** Gateway: the lot is on its way to RabbitMQ; no confirm was heard. */
    PURCHASE_PUBLISHED,
    /** Gateway: RabbitMQ confirmed; nobody has an answer, and the lot is in the outbox. */
    PURCHASE_CONFIRMED,
    /** Gateway: the 202 was sent; the lot is in the outbox. */
    PURCHASE_ANSWERED,
    /** Gateway: overdue lots are leased to its relay; nothing is published. */
    RELAY_CLAIMED,
    /** Gateway: its relay's lot is confirmed; it is in the outbox. */
    RELAY_PUBLISHED,
    /** Worker: a message is here; nothing was done. */
    ORDER_DELIVERED,
    /** Worker: orders are inserted and counted; not committed. */
    ORDER_INSERTED,
    /** Worker: committed; neither announced nor acked. */
    ORDER_COMMITTED,
    /** Worker: announced, with reminders of the orders' end; not acked. */
    ORDER_ANNOUNCED,
    /** Worker: acked. */
    ORDER_ACKED,
    /** Worker: a dead letter is confirmed; its delivery is not acked. */
    DEAD_LETTER_PUBLISHED,
    /** Worker: a dead letter is in MySQL; not acked. */
    DEAD_LETTER_RECORDED,
    /** Worker: orders are expired, their units in the restock outbox; not committed. */
    EXPIRE_BEFORE_COMMIT,
    /** Worker: committed; neither acked nor released in Redis. */
    EXPIRE_COMMITTED,
    /** Worker: the restock outbox was read; Redis was not asked. */
    RESTOCK_READ,
    /** Worker: Redis has the units; the outbox does not know. */
    RESTOCK_RELEASED,
    /** Worker: the outbox is marked. */
    RESTOCK_MARKED,
    /** Gateway: the order is cancelled; not committed. */
    CANCEL_BEFORE_COMMIT,
    /** Gateway: committed; Redis was not asked. */
    CANCEL_COMMITTED,
    /** Gateway: Redis has the units; the outbox does not know. */
    CANCEL_RELEASED,
    /** Gateway: the outbox is marked; the shopper has no answer. */
    CANCEL_MARKED,
    /** Worker: a sale to be rebuilt is off sale, and the purchase deadline waited out. */
    REBUILD_FENCED,
    /** Worker: the ledger is closed to orders of before; Redis has what it had. */
    REBUILD_RECOMPUTED,
    /** Worker: all is written into Redis; the sale is not armed. */
    REBUILD_WRITTEN,
    /** Worker: the sale is on sale; the ledger still calls it recovering. */
    REBUILD_ARMED;

    /** How SIGKILL shows in an exit code. */
    private static final int EXIT_CODE = 137;

    private static final Logger LOG = LoggerFactory.getLogger(CrashPoint.class);

    private static volatile CrashPoint armed;

    /** As the environment names it: {@code restock-released}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names, for an error message. */
    public static String ids() {
        return Arrays.stream(values()).map(CrashPoint::id).collect(Collectors.joining(", "));
    }

    public static boolean isId(String text) {
        return Arrays.stream(values()).anyMatch(point -> point.id().equals(text));
    }

    /** For {@code Main} only: from now on the process dies at this point; an empty id means never. */
    public static void arm(String id) {
        armed = Arrays.stream(values())
                .filter(point -> point.id().equals(id))
                .findFirst()
                .orElse(null);
        if (armed != null) {
            LOG.warn("this process will halt at {}: for tests only", id);
        }
    }

    /** Dies here, without any hook or flush, if this is the armed point. */
    public void reach() {
        if (armed == this) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
