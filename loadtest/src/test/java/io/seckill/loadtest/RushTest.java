package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The rush against shops that answer everything. */
class RushTest extends RushFixture {

    @Test
    void shouldTellAcceptedFromRefused() throws Exception {
        StubShop shop = shop((request, n) -> {
            if (n <= 10) {
                StubShop.accept(request, "o" + n, false);
            } else {
                StubShop.refuse(request, 409, "sold_out");
            }
        });

        RushResult result = run(plan(200, Duration.ofMillis(100), shop.url()));

        assertEquals(new RushResult.Buyers(200, 10, 190, 0, 0), result.buyers());
        assertEquals(200, result.requests());
        assertEquals(10, result.acceptedReplies());
        assertEquals(Map.of("sold_out", 190L), result.refusals());
        assertEquals(Map.of(), result.errors());
        assertEquals(10, result.acceptedLatency().count());
        assertEquals(190, result.refusedLatency().count());
        assertEquals(200, result.buyerWait().count());
        assertEquals(10, result.history().accepted().size());
        assertEquals(190, result.history().refused().size());
        assertTrue(result.pace().lastAcceptedNanos() > 0);
    }

    @Test
    void shouldSendWhatAShopperSends() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        StubShop shop = shop((request, n) -> request.body().onSuccess(body -> {
            seen.add(request.method() + " " + request.path() + " " + body + " "
                    + request.getHeader("Content-Type") + " "
                    + request.getHeader("Authorization").startsWith("Bearer "));
            StubShop.accept(request, "o" + n, false);
        }));

        run(plan(5, Duration.ZERO, shop.url()));

        assertEquals(Set.of(HttpMethod.POST + " /api/v1/sales/s1/orders {\"quantity\":1} application/json true"), seen);
    }

    @Test
    void shouldDealBuyersAndTheirCopiesToTheGatewaysInTurn() throws Exception {
        StubShop first = shop((request, n) -> StubShop.accept(request, "o", n > 1));
        StubShop second = shop((request, n) -> StubShop.accept(request, "o", true));
        RushPlan plan = plan(10, Duration.ZERO, first.url(), second.url());

        RushResult single = run(plan);
        assertEquals(5, first.requests());
        assertEquals(5, second.requests());
        RushResult doubled = run(new RushPlan(plan.saleId(), plan.gateways(), plan.arrivals(), 1, plan.limits()));

        assertEquals(10, single.requests());
        assertEquals(15, first.requests());
        assertEquals(15, second.requests());
        assertEquals(10, doubled.buyers().accepted());
        assertEquals(20, doubled.acceptedReplies());
        assertEquals(20, doubled.replayedReplies());
    }

    @Test
    void shouldKeepEveryIdThatABuyerWasTold() throws Exception {
        StubShop shop = shop((request, n) -> StubShop.accept(request, "o" + n, false));
        RushPlan plan = plan(1, Duration.ZERO, shop.url());

        RushResult result = run(new RushPlan(plan.saleId(), plan.gateways(), plan.arrivals(), 2, plan.limits()));

        assertEquals(Map.of("u1", Set.of("o1", "o2", "o3")), result.history().accepted());
    }

    @Test
    void shouldMeasureFromTheIntendedStartAndNotFromTheSending() throws Exception {
        // One connection, 100 ms a reply, five buyers at once: the last waits for the four before it. Measured from the
        // sending, each would have waited 100 ms.
        StubShop shop = shop((request, n) -> vertx.setTimer(100, id -> StubShop.refuse(request, 409, "sold_out")));
        RushPlan plan = plan(5, Duration.ZERO, shop.url());
        RushPlan.Limits one = new RushPlan.Limits(1, 1, Duration.ofSeconds(5), PATIENCE, Duration.ofMillis(100), 0.01);

        RushResult result = run(new RushPlan(plan.saleId(), plan.gateways(), plan.arrivals(), 0, one));

        assertTrue(result.refusedLatency().max() >= 490, result.refusedLatency()::toString);
        assertTrue(result.refusedLatency().p50() >= 290, result.refusedLatency()::toString);
    }

    @Test
    void shouldNotSlowDownWithTheSystem() throws Exception {
        // Nobody is answered before the last has come: a closed model would never get there.
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        StubShop shop = shop((request, n) -> {
            waiting.add(() -> StubShop.refuse(request, 409, "sold_out"));
            if (n == 60) {
                waiting.forEach(Runnable::run);
            }
        });

        RushResult result = run(plan(60, Duration.ofMillis(300), shop.url()));

        assertEquals(60, result.buyers().refused());
        assertTrue(result.refusedLatency().max() >= 290, result.refusedLatency()::toString);
    }

    @Test
    void shouldVoidTheRunOfAStarvedGenerator() throws Exception {
        StubShop shop = shop((request, n) -> StubShop.refuse(request, 409, "sold_out"));
        RushPlan plan = plan(50, Duration.ofMillis(20), shop.url());
        RushPlan.Limits strict = new RushPlan.Limits(16, 1, Duration.ofSeconds(5), PATIENCE, Duration.ofNanos(1), 0.01);

        RushResult punctual = run(plan);
        RushResult starved = run(new RushPlan(plan.saleId(), plan.gateways(), plan.arrivals(), 0, strict));

        assertFalse(punctual.lateness().voidReason().isPresent(), punctual.lateness()::toString);
        assertTrue(starved.lateness().voidReason().orElse("").contains("starved"), starved.lateness()::toString);
    }

    @Test
    void shouldReportProgressUpToTheEnd() throws Exception {
        StubShop shop = shop((request, n) -> StubShop.accept(request, "o" + n, false));
        List<Progress> seen = new CopyOnWriteArrayList<>();
        RushPlan plan = plan(40, Duration.ofMillis(400), shop.url());
        Crowd crowd = Crowd.mint(MINT, "u", 40, Duration.ofMinutes(5));

        Blocking.await(Rush.run(vertx, plan, crowd, seen::add), PATIENCE);

        assertTrue(seen.size() >= 3, seen::toString);
        Progress last = seen.get(seen.size() - 1);
        assertEquals(40, last.arrived());
        assertEquals(40, last.settled());
        assertEquals(40, last.accepted());
        assertEquals(40, last.answered());
    }

    @Test
    void shouldBoundItsConnections() throws Exception {
        Set<Object> connections = new HashSet<>();
        StubShop shop = shop((request, n) -> {
            connections.add(request.connection());
            StubShop.refuse(request, 409, "sold_out");
        });
        RushPlan plan = plan(300, Duration.ZERO, shop.url());

        run(new RushPlan(
                plan.saleId(), plan.gateways(), plan.arrivals(), 0, limits(1, Duration.ofSeconds(5), PATIENCE)));

        assertTrue(connections.size() <= 16, () -> connections.size() + " connections");
    }

    @Test
    void shouldRefuseACrowdThatDoesNotFitTheSchedule() {
        Crowd crowd = Crowd.mint(MINT, "u", 2, Duration.ofMinutes(5));

        assertThrows(
                IllegalArgumentException.class,
                () -> Rush.run(vertx, plan(3, Duration.ZERO, "http://127.0.0.1:1"), crowd, progress -> {}));
    }
}
