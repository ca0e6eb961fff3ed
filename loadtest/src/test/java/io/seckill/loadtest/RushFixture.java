package io.seckill.loadtest;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of {@link Rush} share: a Vert.x and scripted shops, and plans for them. */
@Timeout(60)
abstract class RushFixture {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final TokenMint MINT = TokenMint.of("k:c2VjcmV0", "seckill");

    Vertx vertx;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void close() throws Exception {
        Blocking.await(vertx.close(), PATIENCE);
    }

    StubShop shop(StubShop.Script script) throws Exception {
        return Blocking.await(StubShop.open(vertx, script), PATIENCE);
    }

    static RushPlan plan(int buyers, Duration ramp, String... gateways) {
        return RushPlan.of("s1", List.of(gateways), Arrivals.over(buyers, ramp));
    }

    static RushPlan.Limits limits(int attempts, Duration timeout, Duration patience) {
        return new RushPlan.Limits(16, attempts, timeout, patience, Duration.ofMillis(100), 0.01);
    }

    RushResult run(RushPlan plan) throws Exception {
        Crowd crowd = Crowd.mint(MINT, "u", plan.arrivals().count(), Duration.ofMinutes(5));
        return Blocking.await(Rush.run(vertx, plan, crowd, progress -> {}), PATIENCE);
    }
}
