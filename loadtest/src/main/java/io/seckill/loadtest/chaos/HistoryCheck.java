package io.seckill.loadtest.chaos;

import io.seckill.loadtest.StoredOrder;
import io.seckill.loadtest.chaos.History.Attempt;
import io.seckill.loadtest.chaos.History.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds the orders in MySQL against what each client was told, attempt by attempt; what concerns the books as a whole is the
 * {@link io.seckill.loadtest.Auditor}'s. A pure function: what is broken, in words.
 */
final class HistoryCheck {
    private static final int EXAMPLES = 3;

    private final History history;
    private final Map<String, StoredOrder> stored;
    private final List<String> broken = new ArrayList<>();

    private HistoryCheck(History history, List<StoredOrder> stored) {
        this.history = history;
        this.stored = stored.stream().collect(Collectors.toMap(StoredOrder::orderId, Function.identity()));
    }

    /** @param stored every order of the sale, when nothing is under way any more */
    static List<String> broken(History history, List<StoredOrder> stored) {
        HistoryCheck check = new HistoryCheck(history, stored);
        check.promisesAreKept();
        check.endsHold("pay", "paid", "paid orders are not paid any more");
        check.endsHold("cancel", "cancelled", "cancelled orders are not cancelled any more");
        check.nobodyHasMoreThanAskedFor();
        return check.broken;
    }

    /** Promised orders that are not in MySQL. */
    static Set<String> missing(History history, List<StoredOrder> stored) {
        Set<String> missing = new HashSet<>(history.promised());
        stored.forEach(order -> missing.remove(order.orderId()));
        return missing;
    }

    private void promisesAreKept() {
        List<String> lost = history.attempts().stream()
                .filter(one -> one.call().equals("buy") && one.outcome() == Outcome.OK)
                .filter(one -> !stored.containsKey(one.orderId())
                        || !stored.get(one.orderId()).user().equals(one.user()))
                .map(one -> one.user() + "/" + one.orderId())
                .distinct()
                .toList();
        tell(lost, "lost: promised orders are not in MySQL under their user");
    }

    private void endsHold(String call, String state, String what) {
        List<String> undone = history.ids(call, Outcome.OK).stream()
                .filter(id -> !stored.containsKey(id) || !stored.get(id).state().equals(state))
                .map(id ->
                        id + " is " + (stored.containsKey(id) ? stored.get(id).state() : "nowhere"))
                .toList();
        tell(undone, what);
    }

    /** Beyond what 202s named, an order needs an attempt of its own whose outcome its user does not know. */
    private void nobodyHasMoreThanAskedFor() {
        Map<String, List<Attempt>> unknown = history.unknown();
        Set<String> promised = history.promised();
        Map<String, List<String>> surplus = new TreeMap<>();
        stored.values().stream()
                .filter(order -> !promised.contains(order.orderId()))
                .forEach(order -> surplus.computeIfAbsent(order.user(), user -> new ArrayList<>())
                        .add(order.orderId()));
        List<String> unasked = surplus.entrySet().stream()
                .filter(user -> user.getValue().size()
                        > unknown.getOrDefault(user.getKey(), List.of()).size())
                .map(user -> user.getKey() + "/" + user.getValue())
                .toList();
        tell(unasked, "double: orders that nobody asked for");
    }

    private void tell(List<String> examples, String what) {
        if (!examples.isEmpty()) {
            broken.add("%d × %s, e.g. %s"
                    .formatted(
                            examples.size(),
                            what,
                            String.join(", ", examples.subList(0, Math.min(EXAMPLES, examples.size())))));
        }
    }
}
