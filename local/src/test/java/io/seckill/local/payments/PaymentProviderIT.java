package io.seckill.local.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.payment.PaymentSignature;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider over HTTP, with two stubs for gateways. */
class PaymentProviderIT {
    private static final int PATIENCE_S = 20;
    private static final int LOOK_MS = 10;
    private static final PaymentSignature SIGNATURE =
            PaymentSignature.parse("c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0");
    private static final PaymentSignature STRANGER =
            PaymentSignature.parse("c3RyYW5nZXJzdHJhbmdlcnN0cmFuZ2Vyc3RyYW5nZXJzdHJhbmdlcg");

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String orderId = UUID.randomUUID().toString();
    private GatewayStub first;
    private GatewayStub second;
    private PaymentProvider provider;

    private record Answer(int status, JsonObject json) {
        String state() {
            return json.getString("state");
        }
    }

    @BeforeEach
    void start() {
        first = new GatewayStub(vertx, SIGNATURE);
        second = new GatewayStub(vertx, SIGNATURE);
        provider = new PaymentProvider(
                new PaymentProviderConfig(0, SIGNATURE, List.of(first.address(), second.address())),
                System::currentTimeMillis);
        await(vertx.deployVerticle(provider));
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    @Test
    void shouldAnswerAfterAGatewayTookTheWebhook() {
        Answer answer = charge();

        assertEquals(new Answer(200, new JsonObject().put("state", "succeeded")), answer);
        assertEquals(1, taken().size());
        JsonObject event = taken().get(0);
        assertEquals("payment.succeeded", event.getString("type"));
        assertTrue(event.getString("id").startsWith("evt_pay_" + orderId + "_"), event.encode());
        JsonObject payment = event.getJsonObject("payment");
        assertEquals(
                new JsonObject()
                        .put("id", "pay_" + orderId)
                        .put("orderId", orderId)
                        .put("amount", 990)
                        .put("currency", "CNY"),
                payment);
    }

    @Test
    void shouldTellAPaymentAgainWithTheSameEvent() {
        charge();
        assertEquals("succeeded", charge().state());

        assertEquals(2, taken().size());
        assertEquals(1, taken().stream().distinct().count());
    }

    @Test
    void shouldGoOnWithTheOtherGatewayWhenOneIsGone() {
        first.close();

        assertEquals(200, charge().status());
        assertEquals(200, charge(UUID.randomUUID().toString()).status());

        assertEquals(2, second.taken().size());
    }

    @Test
    void shouldAnswerPendingAndTryUntilAGatewayTakesIt() {
        first.answer(503);
        second.answer(409);

        assertEquals(new Answer(202, new JsonObject().put("state", "pending")), charge());
        assertTrue(first.refused() > 1 && second.refused() > 1, "all of them are tried, again and again");

        second.answer(200);
        await("the webhook arrives", () -> taken().size() == 1);
        assertEquals(200, charge().status());
    }

    @Test
    void shouldTellLaterWhatIsDelayed() {
        behave("{\"delayMs\":300}");
        long charged = System.nanoTime();

        assertEquals(202, charge().status());
        await("the webhook arrives", () -> taken().size() == 1);

        assertTrue(System.nanoTime() - charged >= TimeUnit.MILLISECONDS.toNanos(300));
    }

    @Test
    void shouldHoldWebhooksUntilToldOtherwise() {
        behave("{\"holdWebhooks\":true}");
        assertEquals("pending", charge().state());
        assertEquals("pending", charge().state());
        assertEquals(List.of(), taken());
        assertEquals(1, ready().getInteger("untold"));

        behave("{}");

        await("the webhook arrives", () -> taken().size() == 1);
        await("nothing is left to tell", () -> ready().getInteger("untold") == 0);
    }

    @Test
    void shouldSendDuplicatesAndALateFailure() {
        second.close();
        behave("{\"duplicates\":2,\"reorder\":true}");
        assertEquals("succeeded", charge().state());

        await("all of them arrive", () -> first.taken().size() == 4);

        List<JsonObject> events = first.taken();
        assertEquals(1, events.subList(0, 3).stream().distinct().count());
        assertEquals("payment.failed", events.get(3).getString("type"));
        assertNotEquals(events.get(0).getString("id"), events.get(3).getString("id"));
        assertTrue(events.get(3).getInstant("occurredAt").isBefore(events.get(0).getInstant("occurredAt")));
    }

    @Test
    void shouldChargeAgainWhatFailed() {
        second.close();
        behave("{\"failRate\":1}");
        assertEquals(new Answer(200, new JsonObject().put("state", "failed")), charge());

        behave("{\"failRate\":0}");
        assertEquals("succeeded", charge().state());

        assertEquals(
                List.of("payment.failed", "payment.succeeded"),
                first.taken().stream().map(event -> event.getString("type")).toList());
        assertEquals(
                2,
                first.taken().stream()
                        .map(event -> event.getString("id"))
                        .distinct()
                        .count());
    }

    @Test
    void shouldTrustNobodyWithoutTheSecret() {
        String body = body(orderId, 990);

        assertEquals(401, send("POST", "/charges", body, null).status());
        assertEquals(401, send("POST", "/charges", body, sign(STRANGER, body)).status());
        assertEquals(
                401,
                send("POST", "/charges", body, sign(SIGNATURE, body(orderId, 1)))
                        .status());
        assertEquals(0, ready().getInteger("payments"));
    }

    @Test
    void shouldRefuseAnotherChargeUnderTheSameId() {
        charge();

        String body = body(orderId, 991);
        Answer answer = send("POST", "/charges", body, sign(SIGNATURE, body));

        assertEquals(422, answer.status());
        assertEquals("idempotency_key_reused", answer.json().getString("code"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{", "{}", "{\"paymentId\":1}"})
    void shouldRefuseAChargeThatIsNone(String body) {
        Answer answer = send("POST", "/charges", body, sign(SIGNATURE, body));

        assertEquals(400, answer.status());
        assertEquals("invalid_request", answer.json().getString("code"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"delayMs\":-1}", "{\"speed\":1}"})
    void shouldNotBehaveInWaysThatItDoesNotKnow(String body) {
        assertEquals(400, send("PUT", "/behaviour", body, null).status());

        assertEquals(new Answer(200, Behaviour.PRESET.json()), send("GET", "/behaviour", "", null));
    }

    @Test
    void shouldBeLiveAndReadyAndAnswerWithProblems() {
        assertEquals(200, send("GET", "/health/live", "", null).status());
        assertEquals(true, ready().getBoolean("ready"));
        assertEquals("not_found", send("GET", "/", "", null).json().getString("code"));
        assertEquals(405, send("GET", "/charges", "", null).status());
        assertEquals(413, send("PUT", "/behaviour", " ".repeat(5_000), null).status());
    }

    private List<JsonObject> taken() {
        List<JsonObject> all = new ArrayList<>(first.taken());
        all.addAll(second.taken());
        return all;
    }

    private Answer charge() {
        return charge(orderId);
    }

    private Answer charge(String order) {
        String body = body(order, 990);
        return send("POST", "/charges", body, sign(SIGNATURE, body));
    }

    private static String body(String order, int amount) {
        return new JsonObject()
                .put("paymentId", "pay_" + order)
                .put("orderId", order)
                .put("amount", amount)
                .put("currency", "CNY")
                .encode();
    }

    private static String sign(PaymentSignature signature, String body) {
        return signature.sign(System.currentTimeMillis(), Buffer.buffer(body));
    }

    private void behave(String behaviour) {
        assertEquals(200, send("PUT", "/behaviour", behaviour, null).status());
    }

    private JsonObject ready() {
        return send("GET", "/health/ready", "", null).json();
    }

    private Answer send(String method, String path, String body, String signature) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + provider.port() + path))
                .timeout(Duration.ofSeconds(PATIENCE_S))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (signature != null) {
            request.header(PaymentSignature.HEADER, signature);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), new JsonObject(response.body()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "waited in vain: " + what);
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
