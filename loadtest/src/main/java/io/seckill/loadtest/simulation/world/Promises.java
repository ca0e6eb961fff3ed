package io.seckill.loadtest.simulation.world;

import io.seckill.loadtest.simulation.sql.Session;
import io.seckill.schema.amqp.Topology;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.buffer.Buffer;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What was promised to whom, and whether it holds: after every commit, and at the end. */
final class Promises {
    static final int WINDOW_S = 4;
    static final long PRICE = 100;

    private record Asked(String user, int quantity) {}

    private record Promise(String user, int quantity) {}

    private final World world;
    private final Set<Asked> asked = new LinkedHashSet<>();
    private final Map<String, Promise> promised = new LinkedHashMap<>();

    Promises(World world) {
        this.world = world;
    }

    /** A sale opens now. */
    void sale(int stock) {
        world.database()
                .read(
                        "INSERT INTO sale_row (sale_id, title, price_amount, price_currency, stock, max_per_user, starts_at,"
                                + " ends_at, payment_window_s, created_at) VALUES (?, '', ?, 'CNY', ?, 2, UTC_TIMESTAMP(3),"
                                + " UTC_TIMESTAMP(3) + INTERVAL 1 DAY, ?, UTC_TIMESTAMP(3))",
                        World.SALE,
                        PRICE,
                        stock,
                        WINDOW_S);
    }

    void asked(String user, int quantity) {
        asked.add(new Asked(user, quantity));
    }

    void promised(String user, String orderId, int quantity) {
        Promise before = promised.put(orderId, new Promise(user, quantity));
        if (before != null && !before.user.equals(user)) {
            world.fail("3. one id is one order: " + orderId + " was given to " + before.user + " and to " + user);
        }
    }

    /** After every commit: what must hold at any time. */
    void committed() {
        if (world.database() == null) {
            return;
        }
        List<Object[]> sums = read("SELECT s.stock, s.sold,"
                + " (SELECT COALESCE(SUM(quantity), 0) FROM orders WHERE state IN ('pending_payment', 'paid')) AS active"
                + " FROM sale_row s");
        for (Object[] row : sums) {
            long active = (Long) row[2];
            if (active > (Long) row[0]) {
                world.fail("1. active orders never exceed stock: " + active + " of " + row[0]);
            }
            if (active != (Long) row[1]) {
                world.fail("1. sold is what active orders hold: sold " + row[1] + ", active " + active);
            }
        }
        List<Object[]> twice =
                read("SELECT user_id, COUNT(*) AS n FROM orders WHERE state IN ('pending_payment', 'paid')"
                        + " GROUP BY user_id");
        for (Object[] row : twice) {
            if ((Long) row[1] > 1) {
                world.fail("3. one active order a user: " + row[0] + " has " + row[1]);
            }
        }
    }

    boolean allStored() {
        for (Map.Entry<String, Promise> one : promised.entrySet()) {
            if (read("SELECT user_id FROM orders WHERE order_id = ?", one.getKey())
                    .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** No accepted order is still on its way into MySQL. */
    boolean nothingInFlight() {
        Topology topology = new Topology("seckill");
        return world.redis().members(SaleKeys.of(World.SALE).outbox()) == 0
                && Stream.of(topology.orderQueue(), topology.unroutedQueue(), topology.deadQueue())
                        .allMatch(queue -> world.broker().messages(queue) == 0);
    }

    boolean nothingPending() {
        return count("SELECT COUNT(*) FROM orders WHERE state = 'pending_payment'") == 0;
    }

    boolean restocked() {
        return count("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL") == 0;
    }

    /** By the ledger alone. */
    int unitsLeft() {
        return (int) count("SELECT SUM(stock - sold) FROM sale_row");
    }

    private long count(String sql) {
        return (Long) read(sql).get(0)[0];
    }

    private List<Object[]> read(String sql, Object... parameters) {
        Session.Result result = world.database().read(sql, parameters);
        return result.rows();
    }

    String state() {
        StringBuilder text = new StringBuilder();
        read("SELECT stock, sold, epoch, accept_epoch, phase FROM sale_row")
                .forEach(row -> text.append("ledger ").append(java.util.Arrays.toString(row)));
        text.append(", redis ")
                .append(world.redis().hash(SaleKeys.of(World.SALE).sale()));
        text.append(", restocks open ").append(count("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL"));
        read("SELECT order_id, user_id, quantity, reason FROM dead_letter")
                .forEach(row -> text.append(", dead ").append(java.util.Arrays.toString(row)));
        promised.forEach((id, promise) -> {
            if (read("SELECT user_id FROM orders WHERE order_id = ?", id).isEmpty()) {
                text.append(", not stored ").append(id).append(" of ").append(promise.user);
            }
        });
        return text.toString();
    }

    /** A message that nobody can read, if there was one, is kept for an operator. */
    void putAside(Buffer message) {
        if (message != null
                && read("SELECT reason FROM dead_letter").stream()
                        .noneMatch(row -> ((String) row[0]).startsWith("malformed"))) {
            world.fail("2. what cannot be stored is kept as a dead letter: the message that nobody can read is gone");
        }
    }

    /** What can be told only when all is quiet. */
    void atTheEnd() {
        if (world.isBroken()) {
            return;
        }
        Map<String, LocalDateTime> freeFrom = new LinkedHashMap<>();
        for (Object[] row : read("SELECT order_id, user_id, quantity, state, created_at, settled_at, pay_by FROM orders"
                + " ORDER BY created_at")) {
            String user = (String) row[1];
            if (!asked.contains(new Asked(user, ((Long) row[2]).intValue()))) {
                world.fail("5. nothing in MySQL that no one asked for: " + row[0] + " of " + user);
            }
            LocalDateTime free = freeFrom.get(user);
            if (free != null && free.isAfter((LocalDateTime) row[4])) {
                world.fail("3. one order at a time: " + user + " got " + row[0] + " before the one before had ended");
            }
            boolean ended = row[3].equals("cancelled") || row[3].equals("expired");
            boolean late = row[5] != null && !((LocalDateTime) row[5]).isBefore((LocalDateTime) row[6]);
            if (row[5] != null && late != row[3].equals("expired")) {
                world.fail("4. unpaid orders expire, and not before their time: " + row[0] + " is " + row[3]);
            }
            freeFrom.put(user, ended ? (LocalDateTime) row[5] : LocalDateTime.MAX);
        }
        read("SELECT o.order_id FROM orders o JOIN restock r ON r.order_id = o.order_id"
                        + " WHERE o.state IN ('paid', 'pending_payment')")
                .forEach(row -> world.fail("5. nothing paid is restocked: " + row[0]));
        promised.forEach((id, promise) -> read("SELECT user_id, quantity FROM orders WHERE order_id = ?", id)
                .forEach(row -> {
                    if (!row[0].equals(promise.user) || (Long) row[1] != promise.quantity) {
                        world.fail("2. stored is what was promised: " + id);
                    }
                }));
    }
}
