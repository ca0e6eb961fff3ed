package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.Arrivals;
import io.seckill.loadtest.RushResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline as real processes: two gateways, two workers, three servers; rushes, and kills in the midst of one. */
class StackIT {
    private static final long FIRST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static StackUser user;

    @BeforeAll
    static void up() {
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        stack = new LocalStack(settings, new Progress(System.out));
        stack.up(2, 2);
        user = new StackUser(stack);
    }

    @AfterAll
    static void down() {
        if (user != null) {
            user.close();
        }
        stack.down();
    }

    @Test
    void shouldSellExactlyTheStockToParallelRetriesOverTwoGateways() {
        String saleId = user.openSale(100);

        RushResult rush = user.rush(saleId, 3_000, Arrivals.atRate(3_000, 3_000), 2);

        assertEquals(100, rush.buyers().accepted());
        assertEquals(3_000 - 100, rush.buyers().refused());
        assertEquals(Map.of(), rush.errors());
        assertTrue(
                Set.of("sold_out", "rate_limited").containsAll(rush.refusals().keySet()),
                () -> "refused as " + rush.refusals());
        assertTrue(rush.replayedReplies() > 0, "the copies of the buyers' requests are told again");
        user.awaitStored(saleId);
        user.assertBalanced(saleId, rush);
    }

    @Test
    void shouldStoreEveryPromiseWithinFiveSecondsOfTheLast() {
        String saleId = user.openSale(1_000);

        RushResult rush = user.rush(saleId, 20_000, Arrivals.atRate(20_000, 10_000), 0);
        long rushEnded = System.nanoTime();

        assertEquals(1_000, rush.buyers().accepted());
        assertEquals(19_000, rush.buyers().refused());
        long limit = rush.pace().lastAcceptedNanos() + TimeUnit.SECONDS.toNanos(5);
        user.awaitStored(saleId);
        // Where the rush itself outlasts the limit, everything must be there at the first look after it.
        long seen = System.nanoTime();
        assertTrue(seen < Math.max(limit, rushEnded + FIRST_LOOK_NANOS), "stored later than 5 s after the last 202");
        user.assertBalanced(saleId, rush);
    }

    @Test
    void shouldShowAnOrderFromTheQueueToTheTable() {
        String saleId = user.openSale(1);
        StackUser.Answer accepted = user.buy(saleId, "alice");

        assertEquals(202, accepted.status());
        assertEquals("queued", accepted.json().getString("state"));
        String orderId = accepted.json().getString("id");
        assertTrue(Set.of("queued", "pending_payment")
                .contains(user.order(orderId, "alice").json().getString("state")));
        user.await(
                "the order is stored",
                () -> user.order(orderId, "alice").json().getString("state").equals("pending_payment"));
        assertEquals(
                accepted.json().put("state", "pending_payment"),
                user.order(orderId, "alice").json());
        assertEquals("not_found", user.order(orderId, "mallory").code());
    }

    @Test
    void shouldKeepEveryPromiseWhenAGatewayAndAWorkerAreKilled() {
        String saleId = user.openSale(2_000);

        RushResult rush = user.rushMeanwhile(saleId, 3_000, Arrivals.atRate(3_000, 1_000), () -> {
            stack.kill("worker-1");
            stack.kill("gateway-2");
            stack.up(2, 2);
        });

        // A request that died with its gateway is sent again; the auditor lets a buyer who never heard have an order or
        // not.
        assertTrue(
                rush.buyers().accepted() > 1_000,
                () -> "accepted only " + rush.buyers().accepted());
        user.awaitStored(saleId);
        user.assertBalanced(saleId, rush);
    }

    @Test
    void shouldStartAKilledPaymentProviderAgainAndNothingElse() {
        stack.kill("payments");
        assertEquals(Set.of("payments"), stack.missing());

        assertEquals(List.of("payments"), stack.up(2, 2));

        assertTrue(stack.status().stream().allMatch(line -> line.state() == ProcessStatus.State.READY));
    }
}
