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
    void shouldRefuseEverythingAfterALossOfTheFence() {
        SaleKeys keys = redis.openSale(10);
        buy(keys, "early");
        redis.reloadLibrary();

        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("early", 1)));
        SaleStatus status = redis.status(keys);
        assertTrue(status.present());
        assertFalse(status.armed());
        assertEquals(9, status.remaining());
    }

    @Test
    void shouldNotArmASaleThatWasSoldFrom() {
        SaleKeys keys = redis.openSale(10);
        buy(keys, "early");
        redis.reloadLibrary();

        assertSame(Loaded.EXISTS, redis.load(keys, 10));
        assertFalse(redis.status(keys).armed());
        assertEquals(9, redis.status(keys).remaining());
    }

    @Test
    void shouldArmAnUntouchedSaleAgain() {
        SaleKeys keys = redis.openSale(10);
        redis.reloadLibrary();

        assertSame(Loaded.EXISTS, redis.load(keys, 10));
        assertTrue(redis.status(keys).armed());
        buy(keys, "first");
    }

    @Test
    void shouldSellNothingWithoutKeys() {
        SaleKeys keys = redis.openSale(10);
        redis.delete(keys);

        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));
        assertFalse(redis.status(keys).present());
    }

    @Test
    void shouldChangeNothingWhenLoadedTwice() {
        SaleKeys keys = redis.openSale(3);
        buy(keys, "a");

        assertSame(Loaded.EXISTS, redis.load(keys, 3));
        assertEquals(2, redis.status(keys).remaining());
        assertTrue(redis.status(keys).armed());
    }

    @Test
    void shouldNotOverwriteKeysOfAnUnknownPast() {
        SaleKeys keys = redis.newSale();
        redis.send(Command.HSET, keys.buyers(), "someone", "a:1:1:1:1:1");

        assertSame(Loaded.LEFTOVER, redis.load(keys, 3));
        assertFalse(redis.status(keys).present());
    }

    @Test
    void shouldKeepSalesArmedWhenTheLibraryIsAppliedAgain() {
        SaleKeys keys = redis.openSale(3);

        assertSame(FunctionLibrary.Applied.UNCHANGED, Await.result(FunctionLibrary.apply(redis.connection)));
        assertTrue(redis.status(keys).armed());
    }

    @Test
    void shouldSayThatTheLibraryIsMissing() {
        redis.send(Command.FUNCTION, "DELETE", "seckill");
        try {
            String problem =
                    Await.failure(FunctionLibrary.verify(redis.connection)).getMessage();
            assertTrue(problem.contains("missing") && problem.contains("SchemaMain"), problem);
        } finally {
            assertSame(FunctionLibrary.Applied.LOADED, Await.result(FunctionLibrary.apply(redis.connection)));
        }
        Await.result(FunctionLibrary.verify(redis.connection));
    }

    @Test
    void shouldLeaseALotToOneRelayAtATime() {
        SaleKeys keys = redis.openSale(3);
        Await.result(redis.functions.reserve(keys, 1, 0, java.util.List.of(), java.util.List.of(new Wanted("a", 1))));

        assertEquals(1, redis.status(keys).overdue());
        assertEquals(1, Await.result(redis.functions.claim(keys, 60_000, 10)).size());
        assertEquals(0, Await.result(redis.functions.claim(keys, 60_000, 10)).size());
        assertEquals(1, redis.status(keys).unconfirmed());
    }

    private void buy(SaleKeys keys, String user) {
        ReserveReply.Decided decided =
                assertInstanceOf(ReserveReply.Decided.class, redis.reserve(keys, 1, new Wanted(user, 1)));
        assertInstanceOf(ReserveOutcome.Accepted.class, decided.outcomes().get(0));
    }
}
