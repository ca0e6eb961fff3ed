package io.seckill.local;

import io.seckill.loadtest.ClientHistory;
import io.seckill.loadtest.TokenMint;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buyers on a few connections that are kept, byte by byte, so that it shows what became of each single request: a whole answer, or
 * a connection that ended under it. They go on until their gateway takes no connection any more.
 */
final class KeepAliveBuyers {
    private static final int CONNECTIONS = 32;
    private static final int SILENCE_MS = 10_000;

    private final URI gateway;
    private final String saleId;
    private final TokenMint mint;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<String, Set<String>> accepted = new ConcurrentHashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> cut = ConcurrentHashMap.newKeySet();
    private final AtomicInteger told = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    KeepAliveBuyers(String gateway, String saleId, TokenMint mint) {
        this.gateway = URI.create(gateway);
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
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort())) {
                socket.setSoTimeout(SILENCE_MS);
                socket.setTcpNoDelay(true);
                buyWhileKept(socket);
            } catch (IOException noMoreConnections) {
                return;
            }
        }
    }

    private void buyWhileKept(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        boolean kept = true;
        while (kept) {
            String user = "kept-" + next.incrementAndGet();
            byte[] request = request(user);
            try {
                socket.getOutputStream().write(request);
                kept = answered(user, head(in), in);
            } catch (IOException e) {
                cut.add(user);
                return;
            }
        }
    }

    private byte[] request(String user) {
        return ("POST /api/v1/sales/" + saleId + "/orders HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer "
                        + mint.mint(user, null, Duration.ofHours(1)) + "\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the connection stays. */
    private boolean answered(String user, String head, InputStream in) throws IOException {
        int length = Integer.parseInt(header(head, "content-length"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("half an answer");
        }
        if (head.startsWith("HTTP/1.1 202 ")) {
            String text = new String(body, StandardCharsets.UTF_8);
            accepted.put(user, Set.of(new JsonObject(text).getString("id")));
        } else {
            refused.add(user);
        }
        boolean ends = header(head, "connection").equals("close");
        if (ends) {
            told.incrementAndGet();
        }
        return !ends;
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }
}
