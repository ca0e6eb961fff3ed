package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.redis.FunctionLibrary.Applied;
import io.seckill.schema.redis.SaleModel.Wanted;
import io.seckill.schema.redis.SeckillFunctions.Loaded;
import io.seckill.schema.testing.Await;
import io.vertx.redis.client.Command;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Versions of the library beside each other: neither disturbs what the other sells, and a rebuild is one for both. */
class FunctionLibraryIT {
    private static final FunctionLibrary THIS = FunctionLibrary.shipped();

    private RedisFixture redis;
    private FunctionLibrary next;
    private SeckillFunctions upgraded;

    @BeforeEach
    void installTwo() {
        redis = new RedisFixture();
        next = FunctionLibrary.of(FunctionLibrary.text() + "-- changed\n");
        Await.result(next.apply(redis.connection));
        upgraded = new SeckillFunctions(redis.link, next);
    }

    @AfterEach
    void leaveOne() {
        Await.result(THIS.apply(redis.connection));
        Await.result(THIS.deleteOthers(redis.connection));
        redis.close();
    }

    @Test
    void shouldBeLoadedOnce() {
        SaleKeys keys = redis.openSale(3);

        assertSame(Applied.UNCHANGED, Await.result(THIS.apply(redis.connection)));
        assertSame(Applied.UNCHANGED, Await.result(next.apply(redis.connection)));
        assertNotEquals(THIS.name(), next.name());
        assertTrue(redis.status(keys).armed());
    }

    @Test
    void shouldSayThatItIsMissing() {
        assertEquals(1, Await.result(THIS.deleteOthers(redis.connection)));

        String problem = Await.failure(next.verify(redis.connection)).getMessage();
        assertEquals("the function library `" + next.name() + "` is missing; run SchemaMain", problem);
        Await.result(next.ensure(redis.connection));
        Await.result(next.verify(redis.connection));
    }

    @Test
    void shouldLeaveASaleOnSaleWhileVersionsComeAndGo() {
        SaleKeys keys = redis.openSale(3);
        Await.result(THIS.deleteOthers(redis.connection));
        Await.result(next.apply(redis.connection));

        assertTrue(redis.status(keys).armed());
        assertSame(Loaded.EXISTS, redis.load(keys, 3));
    }

    @Test
    void shouldSellWhatAnotherVersionSellsOnceAdopted() {
        SaleKeys keys = redis.openSale(3);
        assertEquals(1, accepted(redis.functions, keys, 1, "ann"));
        assertSame(ReserveReply.Closed.FENCED, reserve(upgraded, keys, 1, "bob"));

        assertTrue(Await.result(upgraded.adopt(keys)));

        assertEquals(1, accepted(upgraded, keys, 1, "bob"));
        assertEquals(1, accepted(redis.functions, keys, 1, "cid"), "the other sells on");
        assertEquals(0, accepted(upgraded, keys, 1, "dan"), "of one stock");
        assertTrue(Await.result(upgraded.adopt(keys)), "again is harmless");
        assertEquals(0, redis.status(keys).remaining());
    }

    @Test
    void shouldAdoptOnlyWhatIsOnSale() {
        SaleKeys keys = redis.openSale(3);
        accepted(redis.functions, keys, 1, "ann");
        redis.send(Command.HSET, keys.sale(), "voucher", "left behind");
        redis.reloadLibrary();

        assertFalse(Await.result(upgraded.adopt(keys)), "what Redis forgot nobody can vouch for");
        assertFalse(Await.result(upgraded.adopt(redis.newSale())));
        assertSame(ReserveReply.Closed.FENCED, reserve(upgraded, keys, 1, "bob"));
    }

    @Test
    void shouldTakeASaleOffSaleForAllVersions() {
        SaleKeys keys = redis.openSale(3);
        assertTrue(Await.result(upgraded.adopt(keys)));

        assertTrue(Await.result(upgraded.fence(keys, 2)));

        assertSame(ReserveReply.Closed.FENCED, reserve(redis.functions, keys, 1, "late"));
        assertFalse(redis.status(keys).armed());
        assertFalse(Await.result(redis.functions.adopt(keys)));
        assertSame(Loaded.LEFTOVER, redis.load(keys, 3));
    }

    @Test
    void shouldListenToTheNewestRebuildOfAnyVersion() {
        SaleKeys keys = redis.openSale(3);
        assertTrue(Await.result(redis.functions.fence(keys, 2)));
        assertTrue(rebuild(redis.functions, keys, 2));
        assertTrue(Await.result(upgraded.fence(keys, 3)));

        assertFalse(rebuild(redis.functions, keys, 2));
        assertSame(SeckillFunctions.Armed.STALE, Await.result(redis.functions.arm(keys, 2, 0)));
        assertFalse(Await.result(redis.functions.fence(keys, 2)));

        assertTrue(rebuild(upgraded, keys, 3));
        assertSame(ReserveReply.Closed.FENCED, reserve(redis.functions, keys, 3, "early"));
        assertSame(SeckillFunctions.Armed.ARMED, Await.result(upgraded.arm(keys, 3, 0)));
        assertFalse(Await.result(redis.functions.fence(keys, 3)), "it is on sale under this epoch");
        assertTrue(Await.result(redis.functions.adopt(keys)));
        assertEquals(1, accepted(redis.functions, keys, 3, "ann"));
        assertEquals(1, accepted(upgraded, keys, 3, "bob"));
    }

    @Test
    void shouldNotArmALoadedSaleThatAnotherVersionRebuilds() {
        SaleKeys keys = redis.newSale();
        assertTrue(Await.result(upgraded.fence(keys, 2)));

        assertSame(Loaded.LEFTOVER, redis.load(keys, 3));
        assertFalse(redis.status(keys).present());
        assertTrue(rebuild(upgraded, keys, 2));
        assertSame(Loaded.EXISTS, redis.load(keys, 3), "under another epoch");
        assertFalse(redis.status(keys).armed());
    }

    private static ReserveReply reserve(SeckillFunctions functions, SaleKeys keys, int epoch, String user) {
        return Await.result(
                functions.reserve(keys, epoch, RedisFixture.LEASE_MS, List.of(), List.of(new Wanted(user, 1))));
    }

    private static int accepted(SeckillFunctions functions, SaleKeys keys, int epoch, String user) {
        ReserveReply.Decided decided = (ReserveReply.Decided) reserve(functions, keys, epoch, user);
        return decided.outcomes().get(0) instanceof ReserveOutcome.Accepted ? 1 : 0;
    }

    private static boolean rebuild(SeckillFunctions functions, SaleKeys keys, int epoch) {
        return Await.result(functions.rebuild(
                keys, epoch, new SeckillFunctions.Ledgered(1, "selling", 1, Long.MAX_VALUE / 4, 2, 60, 3, 3, 0, 0)));
    }
}
