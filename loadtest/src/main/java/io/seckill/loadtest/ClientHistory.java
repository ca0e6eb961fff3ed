package io.seckill.loadtest;

import java.util.Map;
import java.util.Set;

/**
 * What the buyers of a rush were told: the promises that the {@link Auditor} holds MySQL to. Each buyer is in one of the
 * three; an accepted one may besides be in doubt about another of its requests.
 *
 * @param accepted per buyer every order id that a 202 named; one, unless something is broken
 * @param refused buyers none of whose requests can have made an order
 * @param inDoubt buyers with a request that got no definite answer: these may have an order, whatever others were told
 */
public record ClientHistory(Map<String, Set<String>> accepted, Set<String> refused, Set<String> inDoubt) {

    public ClientHistory {
        accepted = Map.copyOf(accepted);
        refused = Set.copyOf(refused);
        inDoubt = Set.copyOf(inDoubt);
    }

    /** Whether an order of this user under this id is something that a client was promised, or may have been. */
    boolean explains(String user, String orderId) {
        return accepted.getOrDefault(user, Set.of()).contains(orderId) || inDoubt.contains(user);
    }
}
