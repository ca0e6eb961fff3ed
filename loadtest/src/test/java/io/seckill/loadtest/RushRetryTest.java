package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rush against shops that put it off, fail or fall silent. */
class RushRetryTest extends RushFixture {

    @Test
    void shouldComeBackAfterBeingTurnedAway() throws Exception {
        StubShop shop = shop((request, n) -> {
            if (n <= 30) {
                StubShop.refuse(request, n % 2 == 0 ? 503 : 429, n % 2 == 0 ? "overloaded" : "rate_limited");
            } else {
                StubShop.accept(request, "o" + n, false);
            }
        });

        RushResult result = run(plan(20, Duration.ZERO, shop.url()));

        assertEquals(20, result.buyers().accepted());
        assertEquals(50, result.requests());
        assertEquals(Map.of("overloaded", 15L, "rate_limited", 15L), result.refusals());
        assertEquals(Set.of(), result.history().inDoubt());
    }

    @Test
    void shouldGiveUpAfterSoManyAttempts() throws Exception {
        StubShop shop = shop((request, n) -> StubShop.refuse(request, 503, "overloaded"));
        RushPlan plan = plan(4, Duration.ZERO, shop.url());

        RushResult result = run(new RushPlan(
                plan.saleId(), plan.gateways(), plan.arrivals(), 0, limits(3, Duration.ofSeconds(5), PATIENCE)));

        assertEquals(new RushResult.Buyers(4, 0, 0, 4, 0), result.buyers());
        assertEquals(12, shop.requests());
    }

    @Test
    void shouldAskUntilAnUnknownOutcomeIsKnown() throws Exception {
        StubShop shop = shop((request, n) -> {
            if (n <= 5) {
                StubShop.refuse(request, 503, "outcome_unknown");
            } else {
                StubShop.accept(request, "o1", true);
            }
        });
        RushPlan plan = plan(1, Duration.ZERO, shop.url());

        RushResult result = run(new RushPlan(
                plan.saleId(), plan.gateways(), plan.arrivals(), 0, limits(1, Duration.ofSeconds(5), PATIENCE)));

        assertEquals(1, result.buyers().accepted());
        assertEquals(1, result.replayedReplies());
        assertEquals(Map.of("u1", Set.of("o1")), result.history().accepted());
        assertEquals(Set.of(), result.history().inDoubt());
    }

    @Test
    void shouldLeaveABuyerUnresolvedWhenThePatienceEnds() throws Exception {
        StubShop shop = shop((request, n) -> StubShop.refuse(request, 503, "outcome_unknown"));
        RushPlan plan = plan(3, Duration.ZERO, shop.url());

        RushResult result = run(new RushPlan(
                plan.saleId(),
                plan.gateways(),
                plan.arrivals(),
                0,
                limits(3, Duration.ofMillis(300), Duration.ofMillis(400))));

        assertEquals(new RushResult.Buyers(3, 0, 0, 0, 3), result.buyers());
        assertEquals(Set.of("u1", "u2", "u3"), result.history().inDoubt());
    }

    @Test
    void shouldTryAnotherGatewayWhereNobodyListens() throws Exception {
        StubShop shop = shop((request, n) -> StubShop.refuse(request, 409, "sold_out"));
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        RushResult result = run(plan(2, Duration.ZERO, "http://127.0.0.1:" + free, shop.url()));

        assertEquals(2, result.buyers().refused());
        assertEquals(1, result.errorReplies());
        assertEquals(Set.of(), result.history().inDoubt(), "nothing was sent, so nothing can have come of it");
    }

    @Test
    void shouldStayInDoubtAboutALostRequest() throws Exception {
        StubShop shop = shop((request, n) -> {
            if (n == 1) {
                request.connection().close();
            } else {
                StubShop.refuse(request, 409, "sold_out");
            }
        });

        RushResult result = run(plan(1, Duration.ZERO, shop.url()));

        assertEquals(new RushResult.Buyers(1, 0, 1, 0, 0), result.buyers());
        assertEquals(1, result.errorReplies());
        assertEquals(Set.of("u1"), result.history().inDoubt());
        assertEquals(Set.of(), result.history().refused());
    }

    @Test
    void shouldTimeOutASilentGateway() throws Exception {
        StubShop shop = shop((request, n) -> {});
        RushPlan plan = plan(2, Duration.ZERO, shop.url());

        RushResult result = run(new RushPlan(
                plan.saleId(), plan.gateways(), plan.arrivals(), 0, limits(1, Duration.ofMillis(200), PATIENCE)));

        assertEquals(new RushResult.Buyers(2, 0, 0, 0, 2), result.buyers());
        assertEquals(2, result.errorReplies());
    }

    @Test
    void shouldCountAStrangeStatusAsAnError() throws Exception {
        StubShop shop = shop((request, n) -> StubShop.refuse(request, 401, "unauthenticated"));

        RushResult result = run(plan(3, Duration.ZERO, shop.url()));

        assertEquals(Map.of("status 401", 3L), result.errors());
        assertEquals(3, shop.requests(), "asking again would not help");
    }
}
