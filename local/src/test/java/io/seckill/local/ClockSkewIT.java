package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.seckill.local.Shoppers.Answer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One gateway's clock is 5 minutes ahead, the other's 5 behind: nobody can tell. */
@Tag("nightly")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClockSkewIT {
    private static final int SKEW_S = 300;
    // A busy machine may take seconds to look; a clock that counted would be minutes off.
    private static final int APART_MS = 10_000;
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static Shoppers shoppers;

    @BeforeAll
    static void up() {
        // Each look at a clock is expensive under libfaketime, and most are those of a JVM's own threads.
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv())
                .with(Map.of("SECKILL_GATEWAY_OPTS", "-Xms64m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"));
        Progress progress = new Progress(System.out);
        FakeClock clock = FakeClock.find(settings.packages(), progress);
        assumeTrue(clock.missing().isEmpty(), () -> clock.missing().orElseThrow());
        stack = new LocalStack(settings, progress);
        stack.up(2, 1);
        startAgain("gateway-1", settings.with(clock.variables(SKEW_S)));
        startAgain("gateway-2", settings.with(clock.variables(-SKEW_S)));
        shoppers = new Shoppers(stack);
    }

    private static void startAgain(String name, Settings skewed) {
        stack.kill(name);
        new LocalStack(skewed, new Progress(System.out)).again(name);
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!stack.answers(name)) {
            assertTrue(System.nanoTime() < deadline, () -> name + " is not ready");
            Supervisor.pause();
        }
    }

    @AfterAll
    static void down() {
        try {
            if (shoppers != null) {
                shoppers.close();
            }
        } finally {
            if (stack != null) {
                stack.down();
            }
        }
    }

    /** While there is no sale yet whose state would tell the time. */
    @Test
    @Order(1)
    void shouldTellTheTimeBeforeThereIsAnySale() {
        for (int gateway = 0; gateway < 2; gateway++) {
            JsonObject soonOver =
                    terms(Instant.now().minusSeconds(10), Instant.now().plusSeconds(60));
            assertEquals(201, status(gateway, soonOver));
            JsonObject over =
                    terms(Instant.now().minusSeconds(60), Instant.now().minusSeconds(10));
            assertEquals(400, status(gateway, over));
        }
    }

    @Test
    @Order(2)
    void shouldOpenAndEndASaleAtTheSameInstant() {
        Instant starts = Instant.now().plusSeconds(5);
        Instant ends = starts.plusSeconds(15);
        String saleId = Shoppers.result(shoppers.operator(0, HttpMethod.POST, "", terms(starts, ends)))
                .id();
        Shoppers.await(
                "the other gateway knows it", () -> shoppers.sale(1, saleId).containsKey("state"));

        // A buyer each time: one with an order is told of it also when the sale is over.
        AtomicInteger buyers = new AtomicInteger();
        Map<String, long[]> seen = new HashMap<>();
        Shoppers.await("it is over on both", () -> {
            boolean over = true;
            for (int gateway = 0; gateway < 2; gateway++) {
                String code = buy(gateway, saleId, "buyer-" + buyers.incrementAndGet());
                long[] first = seen.computeIfAbsent(code, known -> new long[2]);
                if (first[gateway] == 0) {
                    first[gateway] = System.currentTimeMillis();
                }
                over &= code.equals("sale_ended");
            }
            return over;
        });

        // A gateway as slow as these may also have to say that it does not know, or is too busy.
        seen.keySet().removeAll(Set.of("outcome_unknown", "overloaded"));
        assertEquals(Set.of("not_started", "202", "sale_ended"), seen.keySet());
        assertAt(starts, seen.get("202"));
        assertAt(ends, seen.get("sale_ended"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Order(3)
    void shouldCountThePaymentWindowByTheServersClock(int gateway) {
        String saleId = shoppers.openSale(2, 3);
        Answer bought = Shoppers.result(shoppers.buy(gateway, saleId, "ann"));
        assertEquals(202, bought.status());
        long off = Instant.parse(bought.json().getString("createdAt")).toEpochMilli() - System.currentTimeMillis();
        assertTrue(Math.abs(off) < APART_MS, () -> "created " + off + " ms from now");
        assertEquals(
                202,
                Shoppers.result(shoppers.buy(1 - gateway, saleId, "ann")).status(),
                "the other gateway holds it for active");
        Shoppers.await("it expired", () -> shoppers.states(saleId).equals(Map.of("expired", 1)));
        long late = shoppers.number("SELECT TIMESTAMPDIFF(MICROSECOND, pay_by, settled_at) DIV 1000 FROM orders"
                + " WHERE sale_id = '" + saleId + "'");
        assertTrue(late >= 0 && late < 20_000, () -> late + " ms after its window");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Order(4)
    void shouldTakeAPaymentEventThatIsSignedNow(int gateway) {
        String saleId = shoppers.openSale(1, 600);
        String orderId = Shoppers.result(shoppers.buy(gateway, saleId, "bob")).id();
        Shoppers.await("it is stored", () -> shoppers.states(saleId).equals(Map.of("pending_payment", 1)));

        assertEquals(
                200,
                Shoppers.result(shoppers.paidAtLast(gateway, "p" + saleId, orderId))
                        .status());

        assertEquals(Map.of("paid", 1), shoppers.states(saleId));
    }

    /** What a new sale is answered with, once the gateway is not too slow to say. */
    private static int status(int gateway, JsonObject terms) {
        AtomicInteger status = new AtomicInteger();
        Shoppers.await("an answer", () -> {
            status.set(Shoppers.result(shoppers.operator(gateway, HttpMethod.POST, "", terms))
                    .status());
            return status.get() != 503;
        });
        return status.get();
    }

    private static String buy(int gateway, String saleId, String user) {
        Answer answer = Shoppers.result(shoppers.buy(gateway, saleId, user));
        return answer.status() == 202 ? "202" : answer.json().getString("code");
    }

    private static void assertAt(Instant expected, long[] seen) {
        for (long at : seen) {
            long off = at - expected.toEpochMilli();
            assertTrue(off > -APART_MS && off < APART_MS, () -> "seen " + off + " ms from " + expected);
        }
    }

    private static JsonObject terms(Instant starts, Instant ends) {
        return new JsonObject()
                .put("title", "Test")
                .put("stock", 100_000)
                .put("price", new JsonObject().put("amount", 990).put("currency", "CNY"))
                .put("startsAt", starts.toString())
                .put("endsAt", ends.toString());
    }
}
