package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.redis.SaleModel.Wanted;
import io.seckill.schema.redis.SeckillFunctions.Armed;
import io.seckill.schema.redis.SeckillFunctions.Holder;
import io.seckill.schema.redis.SeckillFunctions.Ledgered;
import io.seckill.schema.redis.SeckillFunctions.Loaded;
import io.seckill.schema.redis.SeckillFunctions.Updated;
import io.seckill.schema.testing.Await;
import io.vertx.redis.client.Command;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a rebuild may write into Redis, and when it may no longer. */
class RebuildFunctionsIT {
    private static final Holder ANN = new Holder("ann", new BuyerEntry(true, 1, 1, 1, 7, 1_000, 0));
    private static final Holder BOB = new Holder("bob", new BuyerEntry(false, 2, 1, 1, 8, 1_000, 0));

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
    void shouldMoveNothingOnceFenced() {
        SaleKeys keys = redis.openSale(10);
        redis.reserve(keys, 1, new Wanted("early", 1));

        assertTrue(fence(keys, 2));
        String before = redis.dump(keys);
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 2, new Wanted("late", 1)));
        assertSame(
                Updated.FENCED,
                Await.result(redis.functions.update(keys, 1, 9, "paused", 1, Long.MAX_VALUE / 4, 2, 20)));
        record Ended(String userId, int attempt) implements SeckillFunctions.Release {}
        Throwable kept = Await.failure(redis.functions.release(keys, 1, List.of(new Ended("early", 1))));
        assertTrue(kept.getMessage().contains("FENCED"), kept.getMessage());
        assertSame(Loaded.LEFTOVER, redis.load(keys, 10));
        assertEquals(before, redis.dump(keys));
        assertFalse(redis.status(keys).armed());
    }

    @Test
    void shouldSellWhatTheLedgerSaysOnceArmed() {
        SaleKeys keys = redis.openSale(10);
        redis.reserve(keys, 1, new Wanted("forgotten", 2));
        fence(keys, 2);
        assertTrue(rebuild(keys, 2));
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 2, new Wanted("late", 1)));
        assertEquals(2, restore(keys, 2, ANN, BOB));
        assertEquals(0, restore(keys, 2, new Holder("bob", new BuyerEntry(true, 3, 1, 1, 9, 1_000, 0))));

        assertSame(Armed.ARMED, arm(keys, 2, 2));
        assertEquals(5, redis.status(keys).remaining());
        assertEquals(40, redis.status(keys).seq());
        assertEquals(3, Await.result(redis.functions.find(keys, "bob")).attempt());
        assertEquals(0, redis.status(keys).unconfirmed(), "lots of before are gone");
        ReserveReply.Decided decided = (ReserveReply.Decided)
                redis.reserve(keys, 2, new Wanted("ann", 1), new Wanted("forgotten", 1), new Wanted("bob", 1));
        assertEquals(ReserveOutcome.Held.class, decided.outcomes().get(0).getClass());
        assertEquals(new ReserveOutcome.Accepted(1), decided.outcomes().get(1));
        assertEquals(ReserveOutcome.Held.class, decided.outcomes().get(2).getClass());
        assertEquals(41, decided.seq());
    }

    @Test
    void shouldListenToTheNewestRebuildOnly() {
        SaleKeys keys = redis.openSale(10);
        fence(keys, 2);
        rebuild(keys, 2);
        assertEquals(1, restore(keys, 2, ANN));

        assertTrue(fence(keys, 3));
        assertFalse(fence(keys, 2));
        assertFalse(rebuild(keys, 2));
        assertEquals(SeckillFunctions.STALE, restore(keys, 2, BOB));
        assertSame(Armed.STALE, arm(keys, 2, 1));
        assertSame(Armed.STALE, arm(keys, 3, 1), "what is there is of the other");

        assertTrue(rebuild(keys, 3));
        assertSame(Armed.ARMED, arm(keys, 3, 0));
        assertFalse(fence(keys, 3), "the one that armed it may not take it off sale");
        assertFalse(fence(keys, 2));
        assertTrue(redis.status(keys).armed());
    }

    @Test
    void shouldKnowNoRebuildAfterARestart() {
        SaleKeys keys = redis.openSale(10);
        fence(keys, 2);
        rebuild(keys, 2);
        restore(keys, 2, ANN);
        redis.reloadLibrary();

        assertFalse(rebuild(keys, 2));
        assertEquals(SeckillFunctions.STALE, restore(keys, 2, BOB));
        assertSame(Armed.STALE, arm(keys, 2, 1));
    }

    @Test
    void shouldNotArmWhatIsIncomplete() {
        SaleKeys keys = redis.openSale(10);
        fence(keys, 2);
        rebuild(keys, 2);
        restore(keys, 2, ANN, BOB);
        redis.send(Command.HDEL, keys.buyers(), "ann");

        assertSame(Armed.INCOMPLETE, arm(keys, 2, 2));
        redis.delete(keys);
        assertSame(Armed.STALE, arm(keys, 2, 0));
        assertFalse(redis.status(keys).armed());
    }

    @Test
    void shouldStopSellingWhenAnyOfItsKeysIsGone() {
        for (int lost = 0; lost < 4; lost++) {
            SaleKeys keys = redis.openSale(10);
            redis.reserve(keys, 1, new Wanted("ann", 1));
            assertTrue(redis.status(keys).armed());
            redis.send(
                    Command.DEL,
                    List.of(keys.sale(), keys.buyers(), keys.outbox(), keys.lots())
                            .get(lost));

            assertFalse(redis.status(keys).armed());
            assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));
        }
    }

    @Test
    void shouldTellWhichLotsAreLeft() {
        SaleKeys keys = redis.openSale(10);
        redis.reserve(keys, 1, new Wanted("ann", 1), new Wanted("bob", 2));
        redis.reserve(keys, 1, new Wanted("cid", 1));
        Await.result(redis.functions.trim(keys, List.of("1:1")));

        SeckillFunctions.Survivors left = Await.result(redis.functions.survivors(keys, "0", 100));
        assertTrue(left.last());
        assertEquals(1, left.lots().size());
        assertEquals("cid", left.lots().get(0).orders().get(0).userId());
        assertEquals(2, left.lots().get(0).seq());
    }

    private boolean fence(SaleKeys keys, int epoch) {
        return Await.result(redis.functions.fence(keys, epoch));
    }

    private boolean rebuild(SaleKeys keys, int epoch) {
        return Await.result(redis.functions.rebuild(
                keys, epoch, new Ledgered(3, "selling", 1, Long.MAX_VALUE / 4, 2, 60, 10, 5, 40, 1)));
    }

    private int restore(SaleKeys keys, int epoch, Holder... holders) {
        return Await.result(redis.functions.restore(keys, epoch, List.of(holders)));
    }

    private Armed arm(SaleKeys keys, int epoch, int holders) {
        return Await.result(redis.functions.arm(keys, epoch, holders));
    }
}
