package io.seckill.local;

import io.seckill.loadtest.ClientHistory;
import io.seckill.loadtest.TokenMint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Buyers on a few connections that are kept. They go on until their gateway takes no connection any more. */
final class KeepAliveBuyers {
    private static final int CONNECTIONS = 32;
    private static final Duration TOKEN_TTL = Duration.ofHours(1);

    private final String gateway;
    private final String saleId;
    private final TokenMint mint;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<String, Set<String>> accepted = new ConcurrentHashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> cut = ConcurrentHashMap.newKeySet();
    private final AtomicInteger told = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    KeepAliveBuyers(String gateway, String saleId, TokenMint mint) {
        this.gateway = gateway;
        this.saleId = saleId;
        this.mint = mint;
    }

    KeepAliveBuyers start() {
        for (int i = 0; i < CONNECTIONS; i++) {
            Thread thread = new Thread(this::buyUntilRefused, "buyer " + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return this;
    }

    /** Waits until the gateway takes nobody any more. */
    void end() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Buyers with a whole 202. */
    int accepted() {
        return accepted.size();
    }

    /** Buyers whose request was sent and whose answer did not come whole. */
    Set<String> cut() {
        return cut;
    }

    /** Answers that said that the connection ends. */
    int told() {
        return told.get();
    }

    ClientHistory history() {
        return new ClientHistory(accepted, refused, cut);
    }

    private void buyUntilRefused() {
        while (true) {
            try (KeptConnection connection = KeptConnection.to(gateway)) {
                buyWhileKept(connection);
            } catch (IOException noMoreConnections) {
                return;
            }
        }
    }

    private void buyWhileKept(KeptConnection connection) {
        boolean kept = true;
        while (kept) {
            String user = "kept-" + next.incrementAndGet();
            try {
                kept = learned(user, connection.buy(saleId, mint.mint(user, null, TOKEN_TTL), ""));
            } catch (IOException e) {
                cut.add(user);
                return;
            }
        }
    }

    /** Whether the connection stays. */
    private boolean learned(String user, KeptConnection.Answer answer) {
        if (answer.status() == 202) {
            accepted.put(user, Set.of(answer.json().getString("id")));
        } else {
            refused.add(user);
        }
        if (answer.ends()) {
            told.incrementAndGet();
        }
        return !answer.ends();
    }
}
