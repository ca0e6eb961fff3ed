package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.redis.SaleModel.Wanted;
import io.seckill.schema.redis.SeckillFunctions.Loaded;
import io.seckill.schema.testing.Await;
import io.vertx.redis.client.Command;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Redis may forget, and that it sells nothing then. */
class FenceIT {
    private RedisFixture redis;

    @BeforeEach
    void connect() {
        redis = new RedisFixture();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void shouldMoveNothingAfterALossOfTheFence() {
        SaleKeys keys = redis.openSale(10);
        buy(keys, "early");
        redis.reloadLibrary();
        String before = redis.dump(keys);

        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("early", 1)));
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 2, new Wanted("late", 1)));
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1));
        assertSame(
                ReserveReply.Closed.FENCED,
                Await.result(redis.functions.reserve(keys, 1, 0, List.of("1:1"), List.of(new Wanted("late", 1)))));
        assertEquals(before, redis.dump(keys));
        assertFalse(redis.status(keys).armed());
        assertEquals(9, redis.status(keys).remaining());
    }

    @Test
    void shouldNotArmASaleThatWasSoldFrom() {
        SaleKeys keys = redis.openSale(10);
        buy(keys, "early");
        redis.reloadLibrary();
        String before = redis.dump(keys);

        assertSame(Loaded.EXISTS, redis.load(keys, 10));
        assertFalse(redis.status(keys).armed());
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));
        assertEquals(before, redis.dump(keys));
    }

    @Test
    void shouldArmAnUntouchedSaleAgain() {
        SaleKeys keys = redis.openSale(10);
        redis.reloadLibrary();
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));

        assertSame(Loaded.EXISTS, redis.load(keys, 10));
        assertTrue(redis.status(keys).armed());
        buy(keys, "first");
    }

    @Test
    void shouldNotArmUnderAnotherEpoch() {
        SaleKeys keys = redis.openSale(10);
        redis.reloadLibrary();

        assertSame(Loaded.EXISTS, Await.result(redis.functions.load(keys, 2, 10, 1, Long.MAX_VALUE / 4, 2, 60, 1)));
        assertFalse(redis.status(keys).armed());
        assertEquals(1, redis.status(keys).epoch());
    }

    @Test
    void shouldSellNothingWithoutKeys() {
        SaleKeys keys = redis.openSale(10);
        redis.delete(keys);

        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));
        assertFalse(redis.status(keys).present());
        assertEquals(0, redis.send(Command.EXISTS, keys.sale(), keys.buyers()).toInteger());
    }

    @Test
    void shouldChangeNothingWhenLoadedTwice() {
        SaleKeys keys = redis.openSale(3);
        String untouched = redis.dump(keys);
        assertSame(Loaded.EXISTS, redis.load(keys, 5));
        assertEquals(untouched, redis.dump(keys));

        buy(keys, "a");
        String before = redis.dump(keys);
        assertSame(Loaded.EXISTS, redis.load(keys, 3));
        assertEquals(before, redis.dump(keys));
        assertTrue(redis.status(keys).armed());
    }

    @Test
    void shouldNotOverwriteKeysOfAnUnknownPast() {
        SaleKeys keys = redis.newSale();
        List<Runnable> leftovers = List.of(
                () -> redis.send(Command.HSET, keys.buyers(), "someone", "a:1:1:1:1:1"),
                () -> redis.send(Command.ZADD, keys.outbox(), "1", "1:1"),
                () -> redis.send(Command.HSET, keys.lots(), "1:1", "1 1 1 60 someone 1 1"));
        for (Runnable leave : leftovers) {
            leave.run();
            String before = redis.dump(keys);
            assertSame(Loaded.LEFTOVER, redis.load(keys, 3));
            assertEquals(before, redis.dump(keys));
            assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));
            redis.delete(keys);
        }
        assertSame(Loaded.LOADED, redis.load(keys, 3));
    }

    @Test
    void shouldDecideTheWindowByItsOwnClock() {
        SaleKeys keys = redis.newSale();
        long starts = redis.status(keys).nowMs() + 100;
        long ends = starts + 100;
        Await.result(redis.functions.load(keys, 1, 1_000_000, starts, ends, 1, 60, 1));
        Set<ReserveOutcome> outcomes = new HashSet<>();
        long now = 0;
        for (int i = 0; now < ends + 20; i++) {
            ReserveReply.Decided decided =
                    assertInstanceOf(ReserveReply.Decided.class, redis.reserve(keys, 1, new Wanted("u" + i, 1)));
            now = decided.nowMs();
            ReserveOutcome outcome = decided.outcomes().get(0);
            ReserveOutcome expected = now < starts
                    ? ReserveOutcome.Refused.NOT_STARTED
                    : now < ends ? new ReserveOutcome.Accepted(1) : ReserveOutcome.Refused.ENDED;
            assertEquals(expected, outcome, "at " + (now - starts) + " ms of the sale");
            outcomes.add(outcome);
        }
        assertEquals(3, outcomes.size(), "early, in time and late");
    }

    @Test
    void shouldLeaseALotToOneRelayAtATime() {
        SaleKeys keys = redis.openSale(3);
        Await.result(redis.functions.reserve(keys, 1, 0, List.of(), List.of(new Wanted("a", 1))));

        assertEquals(1, redis.status(keys).overdue());
        assertEquals(1, Await.result(redis.functions.claim(keys, 60_000, 10)).size());
        assertEquals(0, Await.result(redis.functions.claim(keys, 60_000, 10)).size());
        assertEquals(1, redis.status(keys).unconfirmed());
    }

    @Test
    void shouldDecideTheGreatestBatchInOneCall() {
        SaleKeys keys = redis.openSale(200);
        Wanted[] purchases = new Wanted[256];
        for (int i = 0; i < purchases.length; i++) {
            purchases[i] = new Wanted("~".repeat(61) + String.format("%03d", i), 1);
        }
        ReserveReply.Decided decided = assertInstanceOf(ReserveReply.Decided.class, redis.reserve(keys, 1, purchases));
        assertEquals(0, decided.remaining());
        assertEquals(
                56,
                decided.outcomes().stream()
                        .filter(ReserveOutcome.Refused.SOLD_OUT::equals)
                        .count());
    }

    private void buy(SaleKeys keys, String user) {
        ReserveReply.Decided decided =
                assertInstanceOf(ReserveReply.Decided.class, redis.reserve(keys, 1, new Wanted(user, 1)));
        assertInstanceOf(ReserveOutcome.Accepted.class, decided.outcomes().get(0));
    }

    @Test
    void shouldNotMakeStockOfAQuantityBelowOne() {
        SaleKeys keys = redis.openSale(8);

        for (int quantity : new int[] {0, -5}) {
            String problem = Await.failure(redis.functions.reserve(
                            keys,
                            1,
                            60_000,
                            java.util.List.of(),
                            java.util.List.of(new Wanted("ok", 1), new Wanted("bad", quantity))))
                    .getMessage();
            assertTrue(problem.contains("CORRUPT"), problem);
        }
        assertEquals(8, redis.status(keys).remaining());
        assertEquals(0, redis.status(keys).unconfirmed());
    }
}
