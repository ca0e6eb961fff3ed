package io.seckill.loadtest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * MySQL's side of the books: the orders of one sale, entered row by row as they are read, and compared with what clients
 * were told. Holds an entry per active order at most, so its size is bounded by the stock; with a history, by the
 * buyers. Read by {@link StoredOrders}, judged by {@link AuditReport}.
 */
final class Ledger {

    /** Enough to start looking, short enough for a line. */
    private static final int EXAMPLES = 3;

    private final long stock;
    private final long sold;
    private final Optional<ClientHistory> history;
    private final Map<String, Integer> activeByUser = new HashMap<>();
    private final Map<String, List<StoredOrder>> keptBySeveral = new HashMap<>();
    private final Set<String> promisedIds = new HashSet<>();
    private final List<String> lostExamples = new ArrayList<>();
    private final List<String> strangeExamples = new ArrayList<>();
    private long orders;
    private long activeUnits;
    private long promised;
    private long kept;
    private long strangers;
    private boolean closed;

    /**
     * @param stock units of the sale, as MySQL has it
     * @param sold units that MySQL's own counter calls sold
     */
    Ledger(long stock, long sold, Optional<ClientHistory> history) {
        this.stock = stock;
        this.sold = sold;
        this.history = history;
        history.ifPresent(told -> told.accepted().forEach((user, ids) -> ids.forEach(id -> promise(user, id))));
    }

    private void promise(String user, String id) {
        promisedIds.add(key(user, id));
        promised++;
    }

    void enter(StoredOrder order) {
        orders++;
        if (order.isActive()) {
            activeUnits += order.quantity();
            activeByUser.merge(order.user(), 1, Integer::sum);
        }
        history.ifPresent(told -> compare(order, told));
    }

    private void compare(StoredOrder order, ClientHistory told) {
        if (order.keepsPromise() && promisedIds.remove(key(order.user(), order.orderId()))) {
            kept++;
            if (told.accepted().get(order.user()).size() > 1) {
                keptBySeveral
                        .computeIfAbsent(order.user(), user -> new ArrayList<>())
                        .add(order);
            }
        }
        if (!told.explains(order.user(), order.orderId())) {
            strangers++;
            example(strangeExamples, order.user(), order.orderId());
        }
    }

    /** All rows are in: what was promised and has not turned up is lost. */
    Ledger close() {
        if (!closed) {
            closed = true;
            promisedIds.stream().limit(EXAMPLES).forEach(lostExamples::add);
        }
        return this;
    }

    private static void example(List<String> examples, String user, String orderId) {
        if (examples.size() < EXAMPLES) {
            examples.add(key(user, orderId));
        }
    }

    private static String key(String user, String orderId) {
        return user + "/" + orderId;
    }

    long stock() {
        return stock;
    }

    long sold() {
        return sold;
    }

    long orders() {
        return orders;
    }

    long activeUnits() {
        return activeUnits;
    }

    /** Users with more than one active order. */
    long usersWithSeveral() {
        return activeByUser.values().stream().filter(count -> count > 1).count();
    }

    /** Orders that 202s named; two ids for one buyer are two promises. */
    long promised() {
        return promised;
    }

    long kept() {
        return kept;
    }

    /** {@code user/orderId} of some promised orders that are not in MySQL. */
    List<String> lostExamples() {
        return Collections.unmodifiableList(lostExamples);
    }

    /** Orders in MySQL that no client was promised or can have been. */
    long strangers() {
        return strangers;
    }

    List<String> strangeExamples() {
        return Collections.unmodifiableList(strangeExamples);
    }

    boolean hasHistory() {
        return history.isPresent();
    }

    /** Buyers whose 202s named another order although the one before had not ended: two ids of one purchase. */
    long buyersWithSeveralIds() {
        return history.map(told -> told.accepted().entrySet().stream()
                        .filter(buyer -> buyer.getValue().size() > 1)
                        .filter(buyer -> !wereOneAfterTheOther(buyer.getKey(), buyer.getValue()))
                        .count())
                .orElse(0L);
    }

    private boolean wereOneAfterTheOther(String user, Set<String> ids) {
        List<StoredOrder> bought = keptBySeveral.getOrDefault(user, List.of()).stream()
                .sorted(Comparator.comparing(StoredOrder::createdAt))
                .toList();
        // Of an order that is not there nothing shows that it had ended.
        return bought.size() == ids.size()
                && IntStream.range(1, bought.size())
                        .allMatch(i -> bought.get(i - 1).hadEndedBefore(bought.get(i)));
    }
}
