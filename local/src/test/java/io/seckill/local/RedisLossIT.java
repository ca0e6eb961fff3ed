package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.Arrivals;
import io.seckill.loadtest.RushResult;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Redis is lost under a sale that has sold, in each way in which that happens; the sale comes back by itself, with every
 * order and every unit.
 */
class RedisLossIT {
    private static final int STOCK = 60;
    private static final int SOLD = 20;
    private static final int BACK_WITHIN_S = 15;

    @TempDir
    private static Path directory;

    private static Home home;
    private static LocalStack stack;
    private static StackUser user;

    @BeforeAll
    static void up() {
        home = new Home(directory);
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), directory, System.getenv());
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
    void shouldSellOnAfterEverythingWasFlushed() {
        String saleId = user.openSale(STOCK);
        RushResult before = sell(saleId, SOLD);

        flush();
        assertSellsTheRest(saleId, before);
    }

    @Test
    void shouldSellOnAfterRedisWasKilled() {
        String saleId = user.openSale(STOCK);
        RushResult before = sell(saleId, SOLD);

        stack.kill("redis");
        assertEquals(503, user.buy(saleId, "too-early").status());
        stack.up(2, 2);
        assertSellsTheRest(saleId, before);
    }

    @Test
    void shouldSellOnAfterRedisCameBackWithWhatItHadBefore() throws IOException {
        String saleId = user.openSale(STOCK);
        sell(saleId, SOLD);
        Path files = home.data("redis").resolve("appendonlydir");
        Path copy = directory.resolve("before");
        copy(files, copy);
        RushResult all = user.rush(saleId, 2 * SOLD, Arrivals.atRate(2 * SOLD, 1_000), 0);
        user.awaitStored(saleId);
        assertEquals(2 * SOLD, all.buyers().accepted(), "the first half are told their orders again");

        stack.kill("redis");
        Home.deleteTree(files);
        copy(copy, files);
        stack.up(2, 2);
        long back = awaitOpen(saleId);
        assertTrue(back < BACK_WITHIN_S * 1_000, "back after " + back + " ms");
        assertEquals(STOCK - 2 * SOLD, user.remaining(saleId));
        user.assertBalanced(saleId, all);
        RushResult rest = user.rush(saleId, STOCK + 10, Arrivals.atRate(STOCK + 10, 1_000), 0);
        assertEquals(STOCK, rest.buyers().accepted(), "40 again, 20 new, and not one more");
        user.awaitStored(saleId);
        user.assertBalanced(saleId, rest);
    }

    private RushResult sell(String saleId, int buyers) {
        RushResult rush = user.rush(saleId, buyers, Arrivals.atRate(buyers, 1_000), 0);
        assertEquals(buyers, rush.buyers().accepted());
        user.awaitStored(saleId);
        return rush;
    }

    private void assertSellsTheRest(String saleId, RushResult before) {
        long back = awaitOpen(saleId);
        assertTrue(back < BACK_WITHIN_S * 1_000, "back after " + back + " ms");
        assertEquals(STOCK - SOLD, user.remaining(saleId));
        user.assertBalanced(saleId, before);

        // The same buyers come first, and hear of the same orders; then come others.
        RushResult after = user.rush(saleId, STOCK + 10, Arrivals.atRate(STOCK + 10, 1_000), 0);
        assertEquals(STOCK, after.buyers().accepted());
        user.awaitStored(saleId);
        user.assertBalanced(saleId, after);
    }

    /** @return after how many ms */
    private long awaitOpen(String saleId) {
        long began = System.nanoTime();
        // "recovering" may have come and gone, or not have been noticed yet: a purchase tells.
        user.await("the sale sells again", () -> user.buy(saleId, "buyer-1").status() == 202);
        user.awaitOpen(saleId);
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        System.out.println("sold again " + ms + " ms after Redis was back");
        return ms;
    }

    private static void flush() {
        Vertx vertx = Vertx.vertx();
        Redis redis = Redis.createClient(vertx, stack.addresses().get("SECKILL_REDIS_URI"));
        try {
            redis.send(Request.cmd(Command.FLUSHALL))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } finally {
            redis.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : List.copyOf(files.toList())) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
