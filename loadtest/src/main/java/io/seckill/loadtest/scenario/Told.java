package io.seckill.loadtest.scenario;

import io.seckill.loadtest.ClientHistory;
import io.seckill.loadtest.Reply;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each user of a scenario was told by each purchase, so that the auditor can hold MySQL to it. Not thread-safe.
 */
final class Told {
    private final List<Schedule.Visit> visits;
    private final Reply.Kind[] last;
    private final boolean[] lost;
    private final Map<Integer, Map<Integer, Set<String>>> ids = new HashMap<>();
    private int accepted;

    Told(List<Schedule.Visit> visits) {
        this.visits = visits;
        this.last = new Reply.Kind[visits.size()];
        this.lost = new boolean[visits.size()];
    }

    /** Takes in the answer to a purchase. */
    void add(Answer answer) {
        Reply reply = answer.reply();
        int visit = answer.visit();
        if (reply == null || reply.kind() == Reply.Kind.ERROR) {
            // There may be an order, and no later answer of another request tells.
            lost[visit] = true;
            return;
        }
        last[visit] = reply.kind();
        if (reply.kind() == Reply.Kind.ACCEPTED) {
            Schedule.Visit by = visits.get(visit);
            Set<String> known = ids.computeIfAbsent(by.sale(), sale -> new HashMap<>())
                    .computeIfAbsent(by.user(), user -> new LinkedHashSet<>());
            if (known.isEmpty()) {
                accepted++;
            }
            known.add(reply.detail());
        }
    }

    /** Users with a 202, each once in a sale: so many orders are promised. */
    int accepted() {
        return accepted;
    }

    /** Users of one sale who were promised an order. */
    int accepted(int sale) {
        return ids.getOrDefault(sale, Map.of()).size();
    }

    /** Purchases whose outcome their user does not know at the end. */
    int unknown() {
        int unknown = 0;
        for (int visit = 0; visit < last.length; visit++) {
            if (buys(visit) && inDoubt(visit)) {
                unknown++;
            }
        }
        return unknown;
    }

    /** @param users of the crowd, by number */
    ClientHistory history(int sale, List<String> users) {
        Map<String, Set<String>> promised = new HashMap<>();
        ids.getOrDefault(sale, Map.of()).forEach((user, named) -> promised.put(users.get(user), named));
        Set<String> refused = new HashSet<>();
        Set<String> inDoubt = new HashSet<>();
        for (int visit = 0; visit < last.length; visit++) {
            if (visits.get(visit).sale() == sale && buys(visit)) {
                (inDoubt(visit) ? inDoubt : refused)
                        .add(users.get(visits.get(visit).user()));
            }
        }
        refused.removeAll(inDoubt);
        refused.removeAll(promised.keySet());
        return new ClientHistory(promised, refused, inDoubt);
    }

    private boolean buys(int visit) {
        return visits.get(visit).act() != Schedule.Act.LOOK;
    }

    private boolean inDoubt(int visit) {
        // Who never got to buying is in doubt, too: what was sent and what was not is not written down.
        return lost[visit] || last[visit] == null || last[visit] == Reply.Kind.UNKNOWN;
    }
}
