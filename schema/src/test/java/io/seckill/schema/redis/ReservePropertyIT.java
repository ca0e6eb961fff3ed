package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.SaleModel.Wanted;
import io.seckill.schema.redis.SaleModel.Window;
import io.seckill.schema.testing.Await;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code reserve} and its companions on real Redis against a pure model, step by step. */
class ReservePropertyIT {
    private static final int STEPS = 12_000;
    private static final int STEPS_A_SALE = 60;

    private RedisFixture redis;
    private Random random;
    private SaleKeys keys;
    private SaleModel model;

    @BeforeEach
    void connect() {
        redis = new RedisFixture();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void shouldDecideAsTheModelDoes() {
        long seed = Long.getLong("seckill.seed", System.nanoTime());
        System.out.println("ReservePropertyIT -Dseckill.seed=" + seed);
        random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            if (step % STEPS_A_SALE == 0) {
                newSale();
            }
            String at = "seed " + seed + ", step " + step;
            step(at);
            assertSameState(at);
            if (step % STEPS_A_SALE == STEPS_A_SALE - 1) {
                assertEveryOrderIsInOneLot(at);
                redis.delete(keys);
            }
        }
    }

    private void newSale() {
        keys = redis.newSale();
        int stock = random.nextInt(21);
        int maxPerUser = 1 + random.nextInt(3);
        Window window = random.nextInt(10) == 0 ? Window.BEFORE : random.nextInt(10) == 0 ? Window.AFTER : Window.OPEN;
        model = new SaleModel(stock, maxPerUser, window);
        long now = System.currentTimeMillis();
        long hour = 3_600_000;
        long starts = window == Window.BEFORE ? now + hour : now - 2 * hour;
        long ends = window == Window.AFTER ? now - hour : now + 2 * hour;
        assertSame(
                SeckillFunctions.Loaded.LOADED,
                Await.result(redis.functions.load(keys, 1, stock, starts, ends, maxPerUser, 60)));
    }

    private void step(String at) {
        switch (random.nextInt(12)) {
            case 0 -> staleEpoch(at);
            case 1 -> loadAgain(at);
            case 2 -> trim();
            default -> reserve(at);
        }
    }

    private void reserve(String at) {
        List<Wanted> purchases = new ArrayList<>();
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            purchases.add(new Wanted("u" + random.nextInt(30), 1 + random.nextInt(4)));
        }
        List<Long> confirmed = someLots();
        model.trim(confirmed);
        List<String> expected = model.reserve(purchases);
        ReserveReply.Decided decided = (ReserveReply.Decided)
                Await.result(redis.functions.reserve(keys, 1, RedisFixture.LEASE_MS, ids(confirmed), purchases));
        assertEquals(
                expected, decided.outcomes().stream().map(SaleModel::describe).toList(), at);
        assertEquals(model.remaining, decided.remaining(), at);
        assertEquals(model.seq, decided.seq(), at);
    }

    private void staleEpoch(String at) {
        assertSame(ReserveReply.Closed.STALE, redis.reserve(keys, 2, new Wanted("late", 1)), at);
    }

    private void loadAgain(String at) {
        assertSame(SeckillFunctions.Loaded.EXISTS, redis.load(keys, 1_000), at);
    }

    private void trim() {
        List<Long> confirmed = someLots();
        model.trim(confirmed);
        Await.result(redis.functions.trim(keys, ids(confirmed)));
    }

    private List<Long> someLots() {
        return model.outbox.keySet().stream()
                .filter(lot -> random.nextInt(4) == 0)
                .toList();
    }

    private static List<String> ids(List<Long> lots) {
        return lots.stream().map(seq -> Lot.id(1, seq)).toList();
    }

    private void assertSameState(String at) {
        assertTrue(model.isConserved(), at);
        SaleStatus status = redis.status(keys);
        assertEquals(model.remaining, status.remaining(), at);
        assertEquals(model.seq, status.seq(), at);
        assertEquals(model.outbox.size(), status.unconfirmed(), at);
        assertEquals(0, status.overdue(), at);
        assertEquals(model.buyers, buyers(), at);
        assertEquals(ids(List.copyOf(model.outbox.keySet())).stream().sorted().toList(), outbox(), at);
    }

    private Map<String, SaleModel.Holding> buyers() {
        Map<String, SaleModel.Holding> buyers = new HashMap<>();
        String cursor = "0";
        do {
            SeckillFunctions.Page page = Await.result(redis.functions.scan(keys, cursor, 100));
            for (int i = 0; i < page.users().size(); i++) {
                BuyerEntry entry = page.entries().get(i);
                assertTrue(entry.active());
                buyers.put(page.users().get(i), new SaleModel.Holding(entry.attempt(), entry.quantity(), entry.seq()));
            }
            cursor = page.nextCursor();
        } while (!cursor.equals("0"));
        return buyers;
    }

    private List<String> outbox() {
        return Await.result(redis.functions.outbox(keys)).stream().sorted().toList();
    }

    // A lease of no length makes every lot overdue, so a claim gives them all, as a relay would get them.
    private void assertEveryOrderIsInOneLot(String at) {
        redis.send(io.vertx.redis.client.Command.ZUNIONSTORE, keys.outbox(), "1", keys.outbox(), "WEIGHTS", "0");
        Map<Long, List<OrderLine>> lots =
                Await.result(redis.functions.claim(keys, RedisFixture.LEASE_MS, 1_000)).stream()
                        .collect(Collectors.toMap(Lot::seq, Lot::orders));
        assertEquals(model.outbox, lots, at);
        assertEquals(List.of(), Await.result(redis.functions.claim(keys, RedisFixture.LEASE_MS, 1_000)), at);
    }
}
