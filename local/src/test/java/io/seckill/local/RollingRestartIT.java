package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.AuditReport;
import io.seckill.loadtest.Auditor;
import io.seckill.loadtest.TokenMint;
import io.seckill.schema.access.Role;
import io.seckill.schema.redis.FunctionLibrary;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An upgrade in the midst of a sale, to services with other functions in Redis: each worker, then each gateway is ended by
 * SIGTERM and started anew, the next when the one before is ready. Nobody who buys meanwhile notices more than a 503 and a
 * moment's wait.
 */
class RollingRestartIT {
    /** Purchases that show that a process which is ready again is of use. */
    private static final int ENOUGH = 50;

    @TempDir
    private static Path home;

    private static Settings settings;
    private static LocalStack stack;
    private static Shoppers shoppers;
    private static TokenMint mint;

    @BeforeAll
    static void up() {
        settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv())
                // Whoever asked it for its readiness has connected by then, on a busy machine, too.
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

    /** The new services bring another version of Redis' functions, and no sale is taken off sale for it. */
    @Test
    void shouldSellToEveryoneWhileAllProcessesAreReplaced(@TempDir Path changed) throws IOException {
        Path lua = Files.createDirectories(changed.resolve("redis")).resolve("seckill.lua");
        Files.writeString(lua, FunctionLibrary.text() + "-- changed\n");
        assertEquals("1", versions());

        String saleId = sellWhileReplacedBy(new LocalStack(
                settings.with(Map.of(
                        "SECKILL_GATEWAY_OPTS", found(settings.gatewayOptions(), changed),
                        "SECKILL_WORKER_OPTS", found(settings.workerOptions(), changed))),
                new Progress(System.out)));

        assertEquals("2", versions());
        assertEquals(1, shoppers.number("SELECT epoch FROM sale WHERE sale_id = '" + saleId + "'"), "no rebuild");
    }

    /** JVM flags with which a folder's files are found before those of the jars. */
    private static String found(List<String> options, Path folder) {
        return String.join(" ", options) + " -Xbootclasspath/a:" + folder;
    }

    /** How many versions of the functions Redis has. */
    private static String versions() {
        int port = URI.create(stack.addresses().get(Endpoints.REDIS)).getPort();
        String password = Secrets.of(new Home(home)).password(Role.GATEWAY);
        try (RedisConsole redis = new RedisConsole(port, Secrets.user(Role.GATEWAY) + " " + password)) {
            return redis.ask("FUNCTION LIST LIBRARYNAME seckill_*");
        }
    }

    /** @param next starts the new processes: a stack of the same home, with the settings of the upgrade */
    private static String sellWhileReplacedBy(LocalStack next) {
        String saleId = shoppers.openSale(1_000_000, 600);
        SteadyBuyers buyers = new SteadyBuyers(shoppers.stack, saleId, mint).start();
        awaitMore(buyers);

        for (String worker : new String[] {"worker-1", "worker-2"}) {
            replace(worker, next);
            awaitMore(buyers);
        }
        for (int gateway = 0; gateway < 2; gateway++) {
            replace("gateway-" + (gateway + 1), next);
            int at = gateway;
            int before = buyers.acceptedBy(at);
            Shoppers.await("the new one sells", () -> buyers.acceptedBy(at) > before + ENOUGH);
        }
        buyers.end();

        System.out.printf(
                "%d purchases, %d connections told to end, 503s tried again: %s, no gateway to ask: %d times%n",
                buyers.arrived(), buyers.told(), buyers.retried(), buyers.nowhere());
        assertEquals(Map.of(), buyers.cut(), "connections that ended before the answer");
        assertEquals(Map.of(), buyers.refused(), "refusals");
        assertEquals(buyers.arrived(), buyers.accepted());
        assertTrue(buyers.told() > 0, "the gateways had connections when they ended");
        assertStored(saleId, buyers);
        return saleId;
    }

    /** A new process takes the place of an old one. */
    private static void replace(String name, LocalStack next) {
        long pid = stack.live(name).orElseThrow();
        stack.terminate(name);
        next.again(name);
        Shoppers.await(name + " is ready again", () -> next.answers(name));
        assertNotEquals(pid, next.live(name).orElseThrow());
    }

    private static void awaitMore(SteadyBuyers buyers) {
        int before = buyers.accepted();
        Shoppers.await("they buy", () -> buyers.accepted() > before + ENOUGH);
    }

    /** Every promise, one order a buyer and no other one. */
    private static void assertStored(String saleId, SteadyBuyers buyers) {
        Shoppers.await("all is stored", () -> shoppers.audit(saleId).getInteger("inFlight", -1) == 0);
        assertEquals(Map.of("pending_payment", buyers.arrived()), shoppers.states(saleId));
        Vertx vertx = Vertx.vertx();
        try {
            AuditReport report =
                    Shoppers.result(new Auditor(vertx, shoppers.stack, mint).audit(saleId, buyers.history()));
            assertTrue(report.balanced(), report::render);
        } finally {
            Shoppers.result(vertx.close());
        }
    }
}
