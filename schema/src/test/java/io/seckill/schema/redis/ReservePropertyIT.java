package io.seckill.schema.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderLine;
import io.seckill.schema.redis.SaleModel.Phase;
import io.seckill.schema.redis.SaleModel.Wanted;
import io.seckill.schema.redis.SaleModel.Window;
import io.seckill.schema.testing.Await;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code reserve} and its companions on real Redis against a pure model, step by step. */
class ReservePropertyIT {
    private static final int STEPS = 15_000;
    private static final int STEPS_A_SALE = 60;
    private static final int UNTOUCHED_AT_MOST = 3;

    private RedisFixture redis;
    private Random random;
    private SaleKeys keys;
    private SaleModel model;
    private int users;
    private String at;
    private long starts;
    private long ends;
    // Lot to orders: as the outcomes told it, and as the payloads had it.
    private final TreeMap<Long, Set<String>> told = new TreeMap<>();
    private final TreeMap<Long, Set<String>> paid = new TreeMap<>();
    private final TreeMap<String, Integer> seen = new TreeMap<>();

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
            at = "seed " + seed + ", step " + step;
            if (step % STEPS_A_SALE == 0) {
                newSale();
            }
            step(step % STEPS_A_SALE);
            assertSameState();
            if (step % STEPS_A_SALE == STEPS_A_SALE - 1) {
                assertEveryOrderIsInOneLot();
                redis.delete(keys);
            }
        }
        System.out.println("ReservePropertyIT saw " + seen);
        for (String kind : List.of(
                "accepted",
                "held",
                "SOLD_OUT",
                "LIMIT_EXCEEDED",
                "NOT_STARTED",
                "ENDED",
                "PAUSED",
                "FENCED",
                "released",
                "released before",
                "no such order",
                "STALE")) {
            assertTrue(seen.getOrDefault(kind, 0) > 20, "hardly ever seen: " + kind);
        }
    }

    private void newSale() {
        keys = redis.newSale();
        told.clear();
        paid.clear();
        users = 1 + random.nextInt(30);
        int stock = random.nextInt(21);
        int maxPerUser = 1 + random.nextInt(4);
        int lot = random.nextInt(12);
        Window window = lot == 0 ? Window.BEFORE : lot == 1 ? Window.AFTER : Window.OPEN;
        model = new SaleModel(stock, maxPerUser, window);
        long now = redis.status(keys).nowMs();
        long hour = 3_600_000;
        starts = window == Window.BEFORE ? now + hour : now - 2 * hour;
        ends = window == Window.AFTER ? now : now + 2 * hour;
        assertSame(
                SeckillFunctions.Loaded.LOADED,
                Await.result(redis.functions.load(keys, 1, stock, starts, ends, maxPerUser, 60, 1)),
                at);
    }

    private void step(int ofSale) {
        switch (random.nextInt(16)) {
            case 0 -> refusedWhole(2, "STALE");
            case 1 -> loadAgain();
            case 2 -> trim();
            case 3, 4 -> claim();
            case 5, 6 -> release();
            case 7 -> update();
            case 8 -> {
                // Rarely once it is sold from, since nothing but a rebuild arms it then.
                if (ofSale <= UNTOUCHED_AT_MOST || random.nextInt(10) == 0) {
                    redis.reloadLibrary();
                    model.armed = false;
                }
            }
            default -> reserve();
        }
    }

    private void reserve() {
        if (!model.armed) {
            refusedWhole(1, "FENCED");
            return;
        }
        List<Wanted> purchases = purchases();
        List<Long> confirmed = someLots();
        boolean overdue = random.nextBoolean();
        model.trim(confirmed);
        List<String> expected = model.reserve(purchases, overdue);
        ReserveReply.Decided decided = (ReserveReply.Decided) Await.result(
                redis.functions.reserve(keys, 1, overdue ? 0 : RedisFixture.LEASE_MS, ids(confirmed), purchases));
        List<String> outcomes =
                decided.outcomes().stream().map(SaleModel::describe).toList();
        assertEquals(expected, outcomes, at);
        assertEquals(model.remaining, decided.remaining(), at);
        assertEquals(model.seq, decided.seq(), at);
        assertEquals(1, decided.epoch(), at);
        assertEquals(60, decided.paymentWindowSeconds(), at);
        for (int i = 0; i < outcomes.size(); i++) {
            String kind = outcomes.get(i).split(" ")[0];
            seen.merge(kind, 1, Integer::sum);
            if (kind.equals("accepted")) {
                told.computeIfAbsent(decided.seq(), lot -> new HashSet<>())
                        .add(purchases.get(i).userId() + " " + outcomes.get(i).split(" ")[1]);
            }
        }
    }

    // Nothing may move, not even a trim.
    private void refusedWhole(int epoch, String why) {
        String expected = model.armed ? why : "FENCED";
        ReserveReply reply = Await.result(redis.functions.reserve(keys, epoch, 0, ids(someLots()), purchases()));
        assertEquals(expected, reply.toString(), at);
        seen.merge(expected, 1, Integer::sum);
    }

    private List<Wanted> purchases() {
        List<Wanted> purchases = new ArrayList<>();
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            purchases.add(new Wanted("u" + random.nextInt(users), 1 + random.nextInt(4)));
        }
        return purchases;
    }

    private void loadAgain() {
        assertSame(SeckillFunctions.Loaded.EXISTS, redis.load(keys, 1_000), at);
        model.loadAgain();
    }

    private void trim() {
        List<Long> confirmed = someLots();
        List<String> ids = new ArrayList<>(ids(confirmed));
        ids.add(Lot.id(1, 1_000_000 + random.nextInt(5)));
        ids.add(Lot.id(2, 1));
        model.trim(confirmed);
        Await.result(redis.functions.trim(keys, ids));
    }

    private void claim() {
        boolean overdueAgain = random.nextBoolean();
        int limit = 1 + random.nextInt(5);
        int leaseMs = overdueAgain ? 0 : RedisFixture.LEASE_MS;
        List<Lot> lots = Await.result(redis.functions.claim(keys, leaseMs, limit));
        assertEquals(Math.min(limit, model.overdue()), lots.size(), at);
        assertEquals(lots.size(), lots.stream().map(Lot::id).distinct().count(), at);
        for (Lot lot : lots) {
            assertEquals(new SaleModel.Waiting(lot.orders(), true), model.outbox.get(lot.seq()), at);
            model.lease(lot.seq(), overdueAgain);
        }
    }

    /** Orders that ended, some of them for the second time, some that never were. */
    private void release() {
        List<SaleModel.Ended> orders = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            String user = "u" + random.nextInt(users);
            SaleModel.Holding held = model.buyers.get(user);
            int attempt = held == null || random.nextInt(4) == 0 ? 1 + random.nextInt(4) : held.attempt();
            orders.add(new SaleModel.Ended(user, attempt));
        }
        int epoch = random.nextInt(8) == 0 ? 2 : 1;
        Future<List<Long>> released = redis.functions.release(keys, epoch, orders);
        if (!model.armed || epoch != 1) {
            String why = String.valueOf(Await.failure(released).getMessage());
            assertTrue(why.endsWith(model.armed ? "STALE" : "FENCED"), at + ": " + why);
            return;
        }
        List<Long> expected = model.release(orders);
        assertEquals(expected, Await.result(released), at);
        expected.forEach(call -> seen.merge(
                call < 0 ? "no such order" : call < model.seq ? "released before" : "released", 1, Integer::sum));
    }

    /** What an operator may do: any phase, another limit, more stock; old versions come too. */
    private void update() {
        int version = Math.max(1, model.version + random.nextInt(4) - 1);
        Phase phase = random.nextInt(4) > 0 ? Phase.SELLING : random.nextBoolean() ? Phase.PAUSED : Phase.ENDED;
        int max = 1 + random.nextInt(4);
        int stock = model.stock + random.nextInt(3);
        SeckillFunctions.Updated updated = Await.result(redis.functions.update(
                keys, 1, version, phase.name().toLowerCase(Locale.ROOT), starts, ends, max, stock));
        if (!model.armed) {
            assertSame(SeckillFunctions.Updated.FENCED, updated, at);
        } else if (model.update(version, phase, max, stock)) {
            assertSame(SeckillFunctions.Updated.UPDATED, updated, at);
        } else {
            assertSame(SeckillFunctions.Updated.CURRENT, updated, at);
        }
    }

    /** Lots to be trimmed; what was in them is kept for the reckoning at the end of the sale. */
    private List<Long> someLots() {
        List<Long> lots = model.outbox.keySet().stream()
                .filter(lot -> random.nextInt(4) == 0)
                .toList();
        for (Long seq : lots) {
            String payload =
                    redis.send(Command.HGET, keys.lots(), Lot.id(1, seq)).toString();
            pay(Lot.parse(keys.saleId(), payload));
        }
        return lots;
    }

    private void pay(Lot lot) {
        Set<String> orders = new HashSet<>();
        for (OrderLine order : lot.orders()) {
            assertTrue(orders.add(order.userId() + " " + order.attempt()), at);
        }
        Set<String> before = paid.put(lot.seq(), orders);
        assertTrue(before == null || before.equals(orders), at);
    }

    private static List<String> ids(List<Long> lots) {
        return lots.stream().map(seq -> Lot.id(1, seq)).toList();
    }

    private void assertSameState() {
        SaleStatus status = redis.status(keys);
        assertTrue(status.present(), at);
        assertEquals(model.armed, status.armed(), at);
        assertEquals(1, status.epoch(), at);
        assertEquals(model.phase.name().toLowerCase(Locale.ROOT), status.phase(), at);
        assertEquals(model.remaining, status.remaining(), at);
        assertEquals(model.seq, status.seq(), at);
        assertEquals(model.outbox.size(), status.unconfirmed(), at);
        assertEquals(model.overdue(), status.overdue(), at);
        assertEquals(model.version, status.version(), at);
        assertEquals(model.stock, status.stock(), at);
        assertEquals(model.releases, status.releases(), at);
        Map<String, SaleModel.Holding> buyers = buyers();
        assertEquals(model.buyers, buyers, at);
        assertEquals(ids(List.copyOf(model.outbox.keySet())).stream().sorted().toList(), outbox(), at);
        // Of Redis alone, whatever the model says.
        int held = buyers.values().stream()
                .filter(SaleModel.Holding::active)
                .mapToInt(SaleModel.Holding::quantity)
                .sum();
        assertTrue(status.remaining() >= 0, at);
        assertEquals(model.stock, status.remaining() + held, at);
    }

    private Map<String, SaleModel.Holding> buyers() {
        Map<String, SaleModel.Holding> buyers = new HashMap<>();
        String cursor = "0";
        do {
            SeckillFunctions.Page page = Await.result(redis.functions.scan(keys, cursor, 100));
            for (int i = 0; i < page.users().size(); i++) {
                BuyerEntry entry = page.entries().get(i);
                assertEquals(1, entry.epoch(), at);
                buyers.put(
                        page.users().get(i),
                        new SaleModel.Holding(
                                entry.active(), entry.attempt(), entry.quantity(), entry.seq(), entry.releasedSeq()));
            }
            cursor = page.nextCursor();
        } while (!cursor.equals("0"));
        return buyers;
    }

    private List<String> outbox() {
        return Await.result(redis.functions.outbox(keys)).stream().sorted().toList();
    }

    // All made overdue, so that one claim gives them all, as a relay would get them.
    private void assertEveryOrderIsInOneLot() {
        redis.send(Command.ZUNIONSTORE, keys.outbox(), "1", keys.outbox(), "WEIGHTS", "0");
        List<Lot> lots = Await.result(redis.functions.claim(keys, RedisFixture.LEASE_MS, 1_000));
        assertEquals(model.outbox.size(), lots.size(), at);
        lots.forEach(this::pay);
        assertEquals(told, paid, at);
        assertEquals(List.of(), Await.result(redis.functions.claim(keys, RedisFixture.LEASE_MS, 1_000)), at);
    }
}
