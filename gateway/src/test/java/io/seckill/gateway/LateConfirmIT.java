package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.schema.fault.TcpProxy.Direction;
import io.seckill.schema.message.OrderIds;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A gateway that was stopped goes on past the deadline and finds the confirm before its timers: it promises nothing, since
 * the sale may have been rebuilt meanwhile. The order itself is not lost.
 */
class LateConfirmIT {
    private static final int DEADLINE_MS = 1_000;
    private static final long PAST_NANOS = TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS + 200);

    private static GatewayFixture shop;
    private ProxiedGateway stopped;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @BeforeEach
    void startGateway() throws Exception {
        stopped = new ProxiedGateway(shop, Map.of("SECKILL_PURCHASE_DEADLINE_MS", "" + DEADLINE_MS));
    }

    @AfterEach
    void stopGateway() throws Exception {
        stopped.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPromiseNothingWhenTheConfirmIsHandledTooLate(boolean withKey) throws Exception {
        String saleId = shop.sale(5);
        String key = withKey ? "key-of-" + saleId : "";
        stopped.amqp.delay(Direction.REPLIES, Integer.MAX_VALUE);

        Future<HttpResponse<Buffer>> buying = buying(saleId, key);
        Await.until("it is reserved", () -> shop.status(saleId).unconfirmed() == 1);

        assertUnknown(saleId, stopUntilConfirmedTooLate(buying));
        assertKept(saleId);
    }

    @Test
    void shouldPromiseNothingToAReturningBuyerEither() throws Exception {
        String saleId = shop.sale(5);
        stopped.amqp.delay(Direction.REPLIES, Integer.MAX_VALUE);
        Future<HttpResponse<Buffer>> first = buying(saleId, "");
        Await.until("it is reserved", () -> shop.status(saleId).unconfirmed() == 1);

        Future<HttpResponse<Buffer>> again = buying(saleId, "");
        Await.until("both wait for the confirm", () -> inFlight() == 2);

        assertUnknown(saleId, stopUntilConfirmedTooLate(again));
        assertUnknown(saleId, Await.result(first));
        assertKept(saleId);
    }

    /** What the broker has confirmed is there when the gateway goes on, and so is the end of the deadline. */
    private HttpResponse<Buffer> stopUntilConfirmedTooLate(Future<HttpResponse<Buffer>> buying) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        long began = System.nanoTime();
        stopped.gateway().stopUntil(goOn);
        stopped.amqp.delay(Direction.REPLIES, 0);
        Await.until("the deadline is over", () -> System.nanoTime() - began > PAST_NANOS);
        goOn.countDown();
        return Await.result(buying);
    }

    private static double inFlight() throws Exception {
        return Metrics.value(shop, 1, "seckill_gateway_purchases_in_flight");
    }

    private static Future<HttpResponse<Buffer>> buying(String saleId, String key) {
        HttpRequest<Buffer> request =
                shop.request(1, HttpMethod.POST, GatewayFixture.SALES + "/" + saleId + "/orders", "ann");
        return (key.isEmpty() ? request : request.putHeader("idempotency-key", key)).send();
    }

    private static void assertUnknown(String saleId, HttpResponse<Buffer> answer) {
        assertEquals(
                OrderIds.of(saleId, "ann", 1).toString(),
                Answers.problem(503, "outcome_unknown", answer).getString("orderId"));
    }

    private static void assertKept(String saleId) throws Exception {
        Await.equal(202, "the answer to the same again", () -> shop.buy(0, saleId, "ann")
                .statusCode());
        assertEquals(4, shop.remaining(saleId));
    }
}
