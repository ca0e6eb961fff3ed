package io.seckill.local;

import io.seckill.loadtest.ClientHistory;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Buyers who arrive at a steady rate, whatever the gateways do, through a balancer that deals them to all gateways in turn over
 * connections that it keeps. A gateway that says it is not ready gets no new connection. A purchase that was answered with 503, or
 * that no gateway could be asked for, is tried again under the same key; one whose connection ended before the whole answer is not,
 * and counts as cut.
 */
final class SteadyBuyers {
    /** Purchases under way at most. Late ones are caught up with. */
    private static final int LINES = 16;

    private static final int PERIOD_MS = 50;
    private static final int PAUSE_MS = 100;
    /** A connection that was silent for longer is left: its gateway might be just about to hang up. */
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Duration TOKEN_TTL = Duration.ofHours(1);

    private final StackAddress stack;
    private final String saleId;
    private final TokenMint mint;
    private final List<Line> lines = new ArrayList<>();
    private final AtomicInteger arrived = new AtomicInteger();
    private final Map<String, Set<String>> accepted = new ConcurrentHashMap<>();
    private final Map<String, String> refused = new ConcurrentHashMap<>();
    private final Map<String, String> cut = new ConcurrentHashMap<>();
    private final Map<String, Integer> retried = new ConcurrentHashMap<>();
    private final Queue<RuntimeException> defects = new ConcurrentLinkedQueue<>();
    private final AtomicInteger nowhere = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicIntegerArray acceptedBy;

    SteadyBuyers(StackAddress stack, String saleId, TokenMint mint) {
        this.stack = stack;
        this.saleId = saleId;
        this.mint = mint;
        this.acceptedBy = new AtomicIntegerArray(stack.gateways().size());
    }

    SteadyBuyers start() {
        for (int i = 0; i < LINES; i++) {
            Line line = new Line(i);
            lines.add(line);
            line.thread.scheduleAtFixedRate(
                    line::arrive, (long) i * PERIOD_MS / LINES, PERIOD_MS, TimeUnit.MILLISECONDS);
        }
        return this;
    }

    /** Nobody arrives any more; waits until everyone who is there has learned the outcome. */
    void end() {
        for (Line line : lines) {
            line.open = false;
        }
        Shoppers.await("all buyers know", () -> !defects.isEmpty() || known() == arrived.get());
        lines.forEach(line -> line.thread.shutdown());
        defects.forEach(defect -> {
            throw defect;
        });
    }

    int arrived() {
        return arrived.get();
    }

    /** Buyers with a whole 202. */
    int accepted() {
        return accepted.size();
    }

    /** How many of those had it from this gateway, from 0. */
    int acceptedBy(int gateway) {
        return acceptedBy.get(gateway);
    }

    /** How many 503s there were of each code; all were tried again. */
    Map<String, Integer> retried() {
        return retried;
    }

    /** What buyers were told who got neither 202 nor 503. */
    Map<String, String> refused() {
        return refused;
    }

    /** Buyers whose request was sent and whose answer did not come whole. */
    Map<String, String> cut() {
        return cut;
    }

    /** How often no gateway was there to be asked. */
    int nowhere() {
        return nowhere.get();
    }

    /** Answers that said that the connection ends. */
    int told() {
        return told.get();
    }

    ClientHistory history() {
        return new ClientHistory(accepted, refused.keySet(), cut.keySet());
    }

    private int known() {
        return accepted.size() + refused.size() + cut.size();
    }

    /** Buyers one after the other, with a connection to each gateway. All on a thread of their own, but for {@code open}. */
    private final class Line {
        private final ScheduledExecutorService thread;
        private final KeptConnection[] kept =
                new KeptConnection[stack.gateways().size()];
        private final long[] usedNanos = new long[kept.length];
        private volatile boolean open = true;
        private int turn;

        Line(int number) {
            turn = number;
            thread = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread fresh = new Thread(task, "buyers " + number);
                fresh.setDaemon(true);
                return fresh;
            });
        }

        void arrive() {
            if (open) {
                String user = "steady-" + arrived.incrementAndGet();
                buy(user, mint.mint(user, null, TOKEN_TTL));
            }
        }

        private void buy(String user, String token) {
            try {
                int gateway = gateway();
                if (gateway < 0) {
                    nowhere.incrementAndGet();
                    buyLater(user, token);
                } else {
                    ask(gateway, user, token);
                }
            } catch (RuntimeException e) {
                defects.add(e);
            }
        }

        private void buyLater(String user, String token) {
            thread.schedule(() -> buy(user, token), PAUSE_MS, TimeUnit.MILLISECONDS);
        }

        private void ask(int gateway, String user, String token) {
            KeptConnection.Answer answer;
            try {
                answer = kept[gateway].buy(saleId, token, "Idempotency-Key: " + user + "\r\n");
                usedNanos[gateway] = System.nanoTime();
                if (answer.ends()) {
                    told.incrementAndGet();
                    leave(gateway);
                }
            } catch (IOException e) {
                cut.put(user, "gateway " + (gateway + 1) + ": " + e);
                leave(gateway);
                return;
            }
            if (answer.status() == 202) {
                acceptedBy.incrementAndGet(gateway);
                accepted.put(user, Set.of(answer.json().getString("id")));
            } else if (answer.status() == 503) {
                retried.merge(answer.json().getString("code"), 1, Integer::sum);
                buyLater(user, token);
            } else {
                refused.put(user, answer.status() + " " + answer.json());
            }
        }

        /** The next gateway in turn to which there is a connection now; -1 if there is none to any. */
        private int gateway() {
            for (int i = 0; i < kept.length; i++) {
                int gateway = turn++ % kept.length;
                if (isKept(gateway) || connects(gateway)) {
                    return gateway;
                }
            }
            return -1;
        }

        private boolean isKept(int gateway) {
            try {
                if (kept[gateway] == null) {
                    return false;
                }
                if (System.nanoTime() - usedNanos[gateway] < KEPT_NANOS && !kept[gateway].ended()) {
                    return true;
                }
            } catch (IOException reset) {
                // As good as ended: nothing was sent.
            }
            leave(gateway);
            return false;
        }

        private boolean connects(int gateway) {
            if (!Probe.ready(URI.create(stack.management().get(gateway)).getPort())) {
                return false;
            }
            try {
                kept[gateway] = KeptConnection.to(stack.gateways().get(gateway));
                return true;
            } catch (IOException refusedConnection) {
                return false;
            }
        }

        private void leave(int gateway) {
            try {
                kept[gateway].close();
            } catch (IOException closedAlready) {
                // Then there is nothing to close.
            }
            kept[gateway] = null;
        }
    }
}
