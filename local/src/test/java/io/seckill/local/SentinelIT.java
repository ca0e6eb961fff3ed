package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.Arrivals;
import io.seckill.loadtest.RushResult;
import io.seckill.schema.access.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis with two replicas and three Sentinels: services go where the primary is, with no more rights than usual. */
class SentinelIT {
    private static final int STOCK = 60;
    private static final int SOLD = 20;
    /** Of which two are Sentinel's, to believe that the primary is gone. */
    private static final int BACK_WITHIN_S = 30;

    private static final Map<Role, String> SERVICES =
            Map.of(Role.GATEWAY, "gateway-", Role.WORKER, "worker-", Role.SCHEMA, "schema");

    @TempDir
    private static Path directory;

    private static LocalStack stack;
    private static RedisServer redis;
    private static SentinelGroup sentinels;
    private static StackUser user;

    @BeforeAll
    static void up() throws IOException {
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), directory, System.getenv());
        stack = new LocalStack(settings, new Progress(System.out), Surroundings.variables(SentinelIT::variables));
        stack.upServers();
        redis = (RedisServer) stack.server("redis");
        sentinels = SentinelGroup.over(redis);
        stack.up(2, 1);
        user = new StackUser(stack);
    }

    private static Map<String, String> variables(String service) {
        return SERVICES.entrySet().stream()
                .filter(it -> service.startsWith(it.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .map(role ->
                        sentinels.variables(Secrets.user(role), redis.secrets().password(role)))
                .orElse(Map.of());
    }

    @AfterAll
    static void down() {
        if (user != null) {
            user.close();
        }
        if (sentinels != null) {
            sentinels.close();
        }
        stack.down();
    }

    @Test
    void shouldSellWhereThePrimaryIs() {
        String first = user.openSale(STOCK);
        RushResult sold = sell(first, SOLD);

        stack.kill("redis");
        assertSellsTheRest(first, sold, "the primary was killed");
        assertNotEquals(redis.port(), sentinels.primaryPort());

        stack.again("redis");
        sentinels.awaitFollower(redis.port());
        String second = user.openSale(STOCK);
        sold = sell(second, SOLD);
        int before = sentinels.primaryPort();
        sentinels.failover();
        Shoppers.await("another one is the primary", () -> sentinels.primaryPort() != before);
        assertSellsTheRest(second, sold, "an operator's failover");
    }

    private static RushResult sell(String saleId, int buyers) {
        RushResult rush = user.rush(saleId, buyers, Arrivals.atRate(buyers, 1_000), 0);
        assertEquals(buyers, rush.buyers().accepted());
        user.awaitStored(saleId);
        return rush;
    }

    private static void assertSellsTheRest(String saleId, RushResult before, String what) {
        long began = System.nanoTime();
        user.await("the sale sells again", () -> user.buy(saleId, "buyer-1").status() == 202);
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        System.out.println("sold again " + ms + " ms after " + what);
        assertTrue(ms < BACK_WITHIN_S * 1_000, "back after " + ms + " ms");
        user.awaitOpen(saleId);
        assertEquals(STOCK - SOLD, user.remaining(saleId));
        user.assertBalanced(saleId, before);

        RushResult after = user.rush(saleId, STOCK + 10, Arrivals.atRate(STOCK + 10, 1_000), 0);
        assertEquals(STOCK, after.buyers().accepted(), "the same buyers are told their orders again");
        user.awaitStored(saleId);
        user.assertBalanced(saleId, after);
    }
}
