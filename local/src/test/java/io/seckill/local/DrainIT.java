package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.AuditReport;
import io.seckill.loadtest.Auditor;
import io.seckill.loadtest.SaleTrial;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGTERM under load: what was begun is finished, nothing that was accepted is lost, and it does not take long. */
class DrainIT {
    private static final Duration LIMIT = Duration.ofSeconds(25);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static Shoppers shoppers;
    private static TokenMint mint;

    @BeforeAll
    static void up() {
        // Long enough to be seen on a busy machine.
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv())
                .with(Map.of("SECKILL_UNREADY_MS", "3000"));
        stack = new LocalStack(settings, new Progress(System.out));
        stack.up(2, 2);
        shoppers = new Shoppers(stack);
        mint = TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE);
    }

    @AfterAll
    static void down() {
        try {
            if (shoppers != null) {
                shoppers.close();
            }
        } finally {
            stack.down();
        }
    }

    @Test
    void shouldAnswerEveryRequestOfAGatewayThatEnds() throws Exception {
        String saleId = shoppers.openSale(1_000_000, 600);
        KeepAliveBuyers buyers = new KeepAliveBuyers(shoppers.stack.gateways().get(1), saleId, mint).start();
        Shoppers.await("they buy", () -> buyers.accepted() > 200);
        assertEquals(200, readiness());

        CompletableFuture<Duration> ending = CompletableFuture.supplyAsync(() -> stack.terminate("gateway-2"));
        assertTrue(listensWhenUnready(), "it listens for a while after it said that it is not ready");
        Duration took = ending.get();
        buyers.end();
        stack.up(2, 2);

        assertTrue(took.compareTo(LIMIT) < 0, () -> "it took " + took);
        // In the moment in which it stops listening, the kernel may drop who is in its accept queue.
        System.out.printf(
                "accepted %d, told to leave %d, cut %d, took %s%n",
                buyers.accepted(), buyers.told(), buyers.cut().size(), took);
        assertTrue(buyers.told() > 0);
        assertTrue(buyers.cut().isEmpty(), () -> buyers.cut().size() + " requests had no whole answer");
        assertEnded("gateway-2", "stopped");
        Shoppers.await("all is stored", () -> shoppers.audit(saleId).getInteger("inFlight", -1) == 0);
        Vertx vertx = Vertx.vertx();
        try {
            AuditReport report =
                    Shoppers.result(new Auditor(vertx, shoppers.stack, mint).audit(saleId, buyers.history()));
            assertTrue(report.balanced(), report::render);
        } finally {
            Shoppers.result(vertx.close());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker-1", "redis", "rabbitmq", "mysql"})
    void shouldLoseNothingWhenAProcessEndsAndComesBack(String name) throws Exception {
        AtomicReference<Duration> took = new AtomicReference<>();

        SaleTrial.Outcome outcome = SaleTrial.run(
                StackAddress.from(stack.addresses()::get),
                mint,
                new SaleTrial.Terms(2_000, 2_500, 500, 600, false),
                () -> {
                    took.set(stack.terminate(name));
                    stack.up(2, 2);
                });

        assertTrue(outcome.good(), outcome.report()::render);
        assertEquals(2_000, outcome.accepted());
        assertTrue(took.get().compareTo(LIMIT) < 0, () -> "it took " + took);
        if (name.startsWith("worker")) {
            assertEnded(name, "drained");
        }
    }

    /** Whether, once it says that it is not ready, a connection is still taken. */
    private static boolean listensWhenUnready() throws Exception {
        Shoppers.await("it is not ready", () -> readiness() == 503);
        URI shop = URI.create(shoppers.stack.gateways().get(1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), shop.getPort())) {
            return socket.isConnected();
        }
    }

    private static int readiness() {
        URI ready = URI.create(shoppers.stack.management().get(1) + "/health/ready");
        try {
            return HTTP.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its log says that it came to its orderly end, and nothing to the contrary. */
    private static void assertEnded(String name, String lastWord) throws IOException {
        String log = Files.readString(new Home(home).log(name));
        assertTrue(log.contains(" " + lastWord + "\n"), log);
        assertFalse(log.contains("stopped before everything was drained"), log);
        assertFalse(log.contains("not drained within"), log);
    }
}
