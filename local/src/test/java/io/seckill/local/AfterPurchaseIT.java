package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.ExpiryMeasurement;
import io.seckill.loadtest.TokenMint;
import io.seckill.local.Shoppers.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes after the 202, on real processes: two gateways, two workers, a payment provider, three servers. */
class AfterPurchaseIT {
    @TempDir
    private static Path home;

    private static LocalStack stack;
    private static Shoppers shoppers;

    @BeforeAll
    static void up() {
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        stack = new LocalStack(settings, new Progress(System.out));
        stack.up(2, 2);
        shoppers = new Shoppers(stack);
    }

    @AfterAll
    static void down() {
        try {
            if (shoppers != null) {
                shoppers.close();
            }
        } finally {
            stack.down();
        }
    }

    @Test
    void shouldSellInEachWaveExactlyWhatIsFreeAndBalanceAtAnyInstant() {
        int stock = 60;
        String saleId = shoppers.openSale(stock, 4);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger audits = new AtomicInteger();
        List<String> imbalances = new ArrayList<>();
        Future<?> auditing = Future.all(
                auditAlways(0, saleId, over, audits, imbalances), auditAlways(1, saleId, over, audits, imbalances));
        int paid = 0;
        for (int wave = 1; wave <= 5; wave++) {
            int free = stock - paid;
            // The same people again: who cancelled or let her order expire may buy anew, who paid has what she wants.
            List<Answer> winners = rush(saleId, "wave-", 200);
            if (winners.stream().allMatch(winner -> payBy(winner.json()) > System.currentTimeMillis())) {
                assertEquals(free, winners.size(), "sold in wave " + wave);
            } else {
                // A machine so slow that units came back during the rush: each of them was there to be sold again.
                assertTrue(winners.size() >= free, "sold in wave " + wave + ": " + winners.size());
            }
            List<Future<Boolean>> payments = new ArrayList<>();
            List<Future<Boolean>> cancels = new ArrayList<>();
            for (int i = 0; i < winners.size(); i++) {
                JsonObject order = winners.get(i).json();
                if (i % 3 == 0) {
                    payments.add(actedInTime(i % 2, "payment", "not_payable", order));
                } else if (i % 3 == 1) {
                    cancels.add(actedInTime(i % 2, "cancel", "not_cancellable", order));
                }
            }
            Shoppers.results(cancels);
            paid += (int)
                    Shoppers.results(payments).stream().filter(done -> done).count();
            int freeAgain = stock - paid;
            for (int gateway = 0; gateway < 2; gateway++) {
                int at = gateway;
                Shoppers.await(
                        "the free units are back",
                        () -> shoppers.sale(at, saleId).getInteger("remaining") == freeAgain);
            }
        }
        over.set(true);
        Shoppers.result(auditing);

        assertEquals(List.of(), imbalances);
        assertTrue(paid > 0, "nobody could pay within the window");
        System.out.println("AfterPurchaseIT: " + audits + " audits, paid " + paid + " of " + stock);
        assertTrue(audits.get() > 20, "audited " + audits);
        assertEquals(paid, shoppers.number("SELECT sold FROM sale_row WHERE sale_id = '" + saleId + "'"));
        assertEquals(paid, shoppers.states(saleId).get("paid"));
    }

    /** False if the order expired before; it is wrong to say so while the window lasts. */
    private static Future<Boolean> actedInTime(int gateway, String action, String tooLate, JsonObject order) {
        return shoppers.act(gateway, action, order.getString("id"), order.getString("userId"))
                .map(answer -> {
                    if (answer.status() == 200) {
                        return true;
                    }
                    String said = answer.json().encode();
                    assertEquals(tooLate, answer.json().getString("code"), said);
                    assertTrue(System.currentTimeMillis() >= payBy(order), said);
                    return false;
                });
    }

    private static long payBy(JsonObject order) {
        return Instant.parse(order.getString("payBy")).toEpochMilli();
    }

    // One after the other, and not one within the other: thousands of nested Futures would not fit on a stack.
    private static Future<Void> auditAlways(
            int gateway, String saleId, AtomicBoolean over, AtomicInteger audits, List<String> imbalances) {
        Promise<Void> done = Promise.promise();
        auditNext(gateway, saleId, over, audits, imbalances, done);
        return done.future();
    }

    private static void auditNext(
            int gateway,
            String saleId,
            AtomicBoolean over,
            AtomicInteger audits,
            List<String> imbalances,
            Promise<Void> done) {
        if (over.get()) {
            done.complete();
            return;
        }
        shoppers.operator(gateway, HttpMethod.GET, "/" + saleId + "/audit", null)
                .onSuccess(answer -> {
                    audits.incrementAndGet();
                    JsonObject audit = answer.json();
                    if (answer.status() != 200
                            || !audit.getBoolean("balanced")
                            || audit.getInteger("oversold") != 0
                            || audit.getInteger("lost") != 0) {
                        synchronized (imbalances) {
                            imbalances.add(audit.encode());
                        }
                    }
                    auditNext(gateway, saleId, over, audits, imbalances, done);
                })
                .onFailure(done::fail);
    }

    @Test
    void shouldPayOrExpireEachOfAThousandOrdersThatArePaidAtTheLastMoment() {
        int count = 1_000;
        long seed = System.nanoTime();
        System.out.println("AfterPurchaseIT seed " + seed);
        Random random = new Random(seed);
        String saleId = shoppers.openSale(count, 8);
        long begin = System.currentTimeMillis();
        List<Future<Answer>> buying = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            // Spread over a few seconds, or the payments could not all come at their moment.
            buying.add(shoppers.at(begin + 5L * i, () -> shoppers.buy(number % 2, saleId, "late-" + number)));
        }
        List<Answer> orders = Shoppers.results(buying);
        Shoppers.await("all are stored", () -> shoppers.states(saleId).getOrDefault("pending_payment", 0) == count);
        List<Long> late = new ArrayList<>();
        List<Future<Answer>> payments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            JsonObject order = orders.get(i).json();
            long payBy = payBy(order);
            payments.add(shoppers.at(payBy - 50 + random.nextInt(100), () -> {
                synchronized (late) {
                    late.add(System.currentTimeMillis() - payBy);
                }
                return shoppers.paidAtLast(number % 2, saleId + "-" + number, order.getString("id"));
            }));
        }
        Shoppers.results(payments)
                .forEach(answer ->
                        assertEquals(200, answer.status(), () -> answer.json().encode()));
        Shoppers.await("none is unpaid", () -> !shoppers.states(saleId).containsKey("pending_payment"));

        Map<String, Integer> states = shoppers.states(saleId);
        int paid = states.getOrDefault("paid", 0);
        int expired = states.getOrDefault("expired", 0);
        late.sort(null);
        System.out.println("AfterPurchaseIT: paid " + paid + ", expired " + expired + "; sent from " + late.get(10)
                + " ms (p1) to " + late.get(count - 11) + " ms (p99) after payBy");
        assertEquals(count, paid + expired);
        assertEquals(paid, shoppers.number("SELECT sold FROM sale_row WHERE sale_id = '" + saleId + "'"));
        String joined =
                "SELECT COUNT(*) FROM payment p JOIN orders o USING (order_id) WHERE o.sale_id = '" + saleId + "'";
        assertEquals(paid, shoppers.number(joined + " AND o.state = 'paid' AND p.state = 'settled'"));
        assertEquals(expired, shoppers.number(joined + " AND o.state = 'expired' AND p.state = 'refund_due'"));
        assertEquals(expired, shoppers.number("SELECT COUNT(*) FROM restock WHERE sale_id = '" + saleId + "'"));
        Shoppers.await("units are back", () -> shoppers.sale(0, saleId).getInteger("remaining") == expired);
        shoppers.assertBalanced(shoppers.audit(saleId));
    }

    @Test
    void shouldMakeOneOrderOfFiftyParallelCallsOfEachUser() {
        int users = 200;
        int calls = 50;
        String saleId = shoppers.openSale(users + 100, 600);
        List<Future<Answer>> answers = new ArrayList<>();
        for (int call = 0; call < calls; call++) {
            for (int user = 0; user < users; user++) {
                answers.add(shoppers.buy((call + user) % 2, saleId, "again-" + user));
            }
        }
        List<Answer> all = Shoppers.results(answers);

        for (int user = 0; user < users; user++) {
            Set<String> ids = new HashSet<>();
            int fresh = 0;
            for (int call = 0; call < calls; call++) {
                Answer answer = all.get(call * users + user);
                assertEquals(202, answer.status(), () -> answer.json().encode());
                ids.add(answer.id());
                fresh += answer.replayed() ? 0 : 1;
            }
            assertEquals(1, ids.size());
            assertEquals(1, fresh);
        }
        Shoppers.await("all are stored", () -> shoppers.states(saleId).equals(Map.of("pending_payment", users)));
        Shoppers.await("the others are left", () -> shoppers.sale(0, saleId).getInteger("remaining") == 100);
        shoppers.assertBalanced(shoppers.audit(saleId));
    }

    @Test
    void shouldSellAnExpiredUnitOnEitherGatewayWithinASecond() {
        String saleId = shoppers.openSale(1, 2);
        for (int gateway = 0; gateway < 2; gateway++) {
            int at = gateway;
            Answer first = Shoppers.result(shoppers.buy(1 - gateway, saleId, "holder-" + gateway));
            assertEquals(202, first.status());
            Shoppers.await(
                    "it is sold out",
                    () -> shoppers.sale(at, saleId).getString("state").equals("sold_out"));
            long payBy = payBy(first.json());

            List<Answer> bought = new ArrayList<>();
            Shoppers.await("it is sold anew", () -> {
                bought.add(Shoppers.result(shoppers.buy(at, saleId, "next-" + at)));
                return bought.get(bought.size() - 1).status() == 202;
            });

            long createdAt = Instant.parse(bought.get(bought.size() - 1).json().getString("createdAt"))
                    .toEpochMilli();
            assertTrue(createdAt - payBy < 1_000, "after " + (createdAt - payBy) + " ms");
            Shoppers.await(
                    "it expires again",
                    () -> shoppers.sale(at, saleId).getString("state").equals("open"));
        }
    }

    @Test
    void shouldSellACancelledUnitOnEitherGatewayWithinASecond() {
        String saleId = shoppers.openSale(1, 600);
        String holder = "first";
        String order = bought(saleId, holder);
        for (int gateway = 0; gateway < 2; gateway++) {
            int at = gateway;
            String next = "next-" + gateway;
            Shoppers.await("it is stored", () -> shoppers.states(saleId).getOrDefault("pending_payment", 0) == 1);
            Shoppers.await("it is sold out", () -> "sold_out"
                    .equals(Shoppers.result(shoppers.buy(at, saleId, next))
                            .json()
                            .getString("code")));

            assertEquals(
                    200,
                    Shoppers.result(shoppers.act(1 - gateway, "cancel", order, holder))
                            .status());
            long cancelled = System.nanoTime();
            Shoppers.await(
                    "it is sold anew",
                    () -> Shoppers.result(shoppers.buy(at, saleId, next)).status() == 202);

            long tookMs = (System.nanoTime() - cancelled) / 1_000_000;
            assertTrue(tookMs < 1_000, "after " + tookMs + " ms");
            holder = next;
            order = Shoppers.result(shoppers.buy(at, saleId, next)).id();
        }
    }

    @Test
    void shouldMeasureHowLateOrdersExpire() throws InterruptedException {
        TokenMint mint = TokenMint.of(stack.jwtKeys(), TokenCommand.AUDIENCE);

        assertTrue(ExpiryMeasurement.run(
                shoppers.stack, stack.workers(), mint, new ExpiryMeasurement.Options(300, 1), System.out));
    }

    @Test
    void shouldEndOrdersRightWhateverTheProviderDoes() {
        String saleId = shoppers.openSale(10, 600);
        try {
            shoppers.providerBehaves(
                    new JsonObject().put("delayMs", 500).put("duplicates", 3).put("reorder", true));
            String late = bought(saleId, "patient");
            assertEquals(
                    200,
                    Shoppers.result(shoppers.act(0, "payment", late, "patient")).status());

            shoppers.providerBehaves(new JsonObject().put("failRate", 1.0));
            String declined = bought(saleId, "declined");
            assertEquals(
                    409,
                    Shoppers.result(shoppers.act(0, "payment", declined, "declined"))
                            .status());

            shoppers.providerBehaves(new JsonObject().put("holdWebhooks", true));
            String held = bought(saleId, "held");
            Answer unknown = Shoppers.result(shoppers.act(1, "payment", held, "held"));
            assertEquals("outcome_unknown", unknown.json().getString("code"));
            assertEquals(
                    200,
                    Shoppers.result(shoppers.act(0, "cancel", held, "held")).status());

            shoppers.providerBehaves(new JsonObject());
            assertEquals(
                    200,
                    Shoppers.result(shoppers.act(0, "payment", declined, "declined"))
                            .status());
            Shoppers.await(
                    "the money that came too late is to be given back",
                    () -> shoppers.number("SELECT COUNT(*) FROM payment WHERE order_id = '" + held
                                    + "' AND state = 'refund_due' AND reason = 'cancelled'")
                            == 1);
        } finally {
            shoppers.providerBehaves(new JsonObject());
        }
        assertEquals(Map.of("paid", 2, "cancelled", 1), shoppers.states(saleId));
        shoppers.assertBalanced(shoppers.audit(saleId));
    }

    private static String bought(String saleId, String user) {
        Answer answer = Shoppers.result(shoppers.buy(0, saleId, user));
        assertEquals(202, answer.status(), () -> answer.json().encode());
        return answer.id();
    }

    /** Many at once over both gateways: the orders that some of them got. */
    private static List<Answer> rush(String saleId, String prefix, int buyers) {
        List<Future<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < buyers; i++) {
            answers.add(shoppers.buy(i % 2, saleId, prefix + i));
        }
        List<Answer> winners = new ArrayList<>();
        for (Answer answer : Shoppers.results(answers)) {
            if (answer.status() == 202 && !answer.replayed()) {
                winners.add(answer);
            } else if (answer.status() != 202) {
                assertEquals("sold_out", answer.json().getString("code"), () -> answer.json()
                        .encode());
            }
        }
        return winners;
    }
}
