package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.redis.FunctionLibrary.Applied;
import io.seckill.schema.redis.SaleModel.Wanted;
import io.seckill.schema.testing.Await;
import io.vertx.redis.client.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The library as a whole: applied once, and what is missing is said. */
class FunctionLibraryIT {
    private RedisFixture redis;

    @BeforeEach
    void connect() {
        redis = new RedisFixture();
    }

    @AfterEach
    void restore() {
        Await.result(FunctionLibrary.apply(redis.connection));
        redis.close();
    }

    @Test
    void shouldKeepSalesArmedWhenAppliedAgain() {
        SaleKeys keys = redis.openSale(3);

        assertSame(Applied.UNCHANGED, Await.result(FunctionLibrary.apply(redis.connection)));
        assertSame(Applied.UNCHANGED, Await.result(FunctionLibrary.apply(redis.connection)));
        assertTrue(redis.status(keys).armed());
        Await.result(FunctionLibrary.verify(redis.connection));
    }

    @Test
    void shouldSayThatItIsMissing() {
        redis.send(Command.FUNCTION, "DELETE", "seckill");

        assertEquals("the function library `seckill` is missing; run SchemaMain", problem());
        assertSame(Applied.LOADED, Await.result(FunctionLibrary.apply(redis.connection)));
        Await.result(FunctionLibrary.verify(redis.connection));
    }

    @Test
    void shouldSayThatItIsOfAnotherVersionAndFenceWhenReplacingIt() {
        SaleKeys keys = redis.openSale(3);
        redis.send(Command.FUNCTION, "LOAD", "REPLACE", RedisFixture.source() + "\n-- another version");

        assertEquals("the function library `seckill` is of another version; run SchemaMain", problem());
        assertSame(Applied.REPLACED, Await.result(FunctionLibrary.apply(redis.connection)));
        assertFalse(redis.status(keys).armed());
        assertSame(ReserveReply.Closed.FENCED, redis.reserve(keys, 1, new Wanted("late", 1)));
    }

    private String problem() {
        return Await.failure(FunctionLibrary.verify(redis.connection)).getMessage();
    }
}
