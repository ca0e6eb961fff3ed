package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.Arrivals;
import io.seckill.loadtest.AuditReport;
import io.seckill.loadtest.Auditor;
import io.seckill.loadtest.Crowd;
import io.seckill.loadtest.Rush;
import io.seckill.loadtest.RushPlan;
import io.seckill.loadtest.RushResult;
import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Everyone who uses a stack in a test, from outside only: operator, single shopper, crowd, auditor. */
public final class StackUser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TOKEN_TTL = Duration.ofHours(1);
    private static final int LOOK_MS = 50;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final StackAddress stack;
    private final TokenMint mint;
    private final Auditor auditor;

    public StackUser(LocalStack stack) {
        this.stack = StackAddress.from(stack.addresses()::get);
        this.mint = TokenMint.of(stack.jwtKeys(), "seckill");
        this.auditor = new Auditor(vertx, this.stack, mint);
    }

    /** An answer of the API. */
    public record Answer(int status, JsonObject json) {
        String code() {
            return json.getString("code", "");
        }
    }

    /** Creates a sale that is open, and waits until every gateway shows it so. */
    public String openSale(int units) {
        String saleId = createSale(new JsonObject().put("stock", units));
        awaitOpen(saleId);
        return saleId;
    }

    /** Creates a sale of these terms; for those that are left out, it opened a minute ago and lasts an hour. */
    public String createSale(JsonObject terms) {
        Instant now = Instant.now();
        JsonObject sale = new JsonObject()
                .put("title", "Test")
                .put("price", new JsonObject().put("amount", 990).put("currency", "CNY"))
                .put("startsAt", now.minusSeconds(60).toString())
                .put("endsAt", now.plusSeconds(3_600).toString())
                .mergeIn(terms);
        Answer created = call("POST", stack.management().get(0) + "/admin/v1/sales", "operator", "admin", sale);
        assertEquals(201, created.status(), () -> created.json().encode());
        return created.json().getString("id");
    }

    /** Does something to a sale as an operator, {@code pause} for example. */
    public void control(String saleId, String action) {
        String url = stack.management().get(0) + "/admin/v1/sales/" + saleId + "/" + action;
        Answer done = call("POST", url, "operator", "admin", null);
        assertEquals(200, done.status(), () -> done.json().encode());
    }

    /** A token for an hour. */
    public String token(String user, String roleOrNull) {
        return mint.mint(user, roleOrNull, TOKEN_TTL);
    }

    void awaitOpen(String saleId) {
        awaitState(saleId, "open");
    }

    /** Waits until every gateway shows a sale in this state. */
    public void awaitState(String saleId, String state) {
        for (String gateway : stack.gateways()) {
            await("the sale is " + state + " on " + gateway, () -> state(gateway, saleId)
                    .equals(state));
        }
    }

    public Answer buy(String saleId, String user) {
        return buy(0, saleId, user, Map.of());
    }

    /** Buys at one of the gateways, with headers of one's own. */
    Answer buy(int gateway, String saleId, String user, Map<String, String> headers) {
        String url = stack.gateways().get(gateway) + "/api/v1/sales/" + saleId + "/orders";
        return call("POST", url, user, null, null, headers);
    }

    /** Pays or cancels an order: {@code payment} or {@code cancel}. */
    public Answer act(String orderId, String user, String action) {
        return call("POST", stack.gateways().get(0) + "/api/v1/orders/" + orderId + "/" + action, user, null, null);
    }

    Answer order(String orderId, String user) {
        return call("GET", stack.gateways().get(1) + "/api/v1/orders/" + orderId, user, null, null);
    }

    /** Whether a gateway says that it can sell. */
    boolean ready(int gateway) {
        return call("GET", stack.management().get(gateway) + "/health/ready", null, null, null)
                        .status()
                == 200;
    }

    String state(String saleId) {
        return state(stack.gateways().get(0), saleId);
    }

    int remaining(String saleId) {
        return sale(stack.gateways().get(0), saleId).json().getInteger("remaining");
    }

    RushResult rush(String saleId, int buyers, Arrivals arrivals, int copies) {
        return finished(start(saleId, buyers, arrivals, copies));
    }

    /** A rush during which something is done to the stack. */
    RushResult rushMeanwhile(String saleId, int buyers, Arrivals arrivals, Runnable meanwhile) {
        Future<RushResult> rush = start(saleId, buyers, arrivals, 0);
        meanwhile.run();
        return finished(rush);
    }

    /** Waits until nothing that was accepted is under way any more. */
    void awaitStored(String saleId) {
        await("everything accepted is in MySQL", () -> audit(saleId).getInteger("inFlight", -1) == 0);
    }

    public JsonObject audit(String saleId) {
        String url = stack.management().get(0) + "/admin/v1/sales/" + saleId + "/audit";
        return call("GET", url, "operator", "admin", null).json();
    }

    /** The auditor's whole judgement, with what this crowd was told. */
    void assertBalanced(String saleId, RushResult rush) {
        AuditReport report = finished(auditor.audit(saleId, rush.history()));
        assertTrue(report.balanced(), report::render);
    }

    public void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "waited in vain: " + what);
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        finished(vertx.close());
    }

    private Future<RushResult> start(String saleId, int buyers, Arrivals arrivals, int copies) {
        Crowd crowd = Crowd.mint(mint, "buyer-", buyers, TOKEN_TTL);
        RushPlan plan = new RushPlan(saleId, stack.gateways(), arrivals, copies, RushPlan.Limits.DEFAULTS);
        return Rush.run(vertx, plan, crowd, progress -> {});
    }

    private String state(String gateway, String saleId) {
        return sale(gateway, saleId).json().getString("state", "");
    }

    private Answer sale(String gateway, String saleId) {
        return call("GET", gateway + "/api/v1/sales/" + saleId, null, null, null);
    }

    private Answer call(String method, String url, String user, String role, JsonObject body) {
        return call(method, url, user, role, body, Map.of());
    }

    private Answer call(
            String method, String url, String user, String role, JsonObject body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10));
        headers.forEach(request::header);
        if (user != null) {
            request.header("Authorization", "Bearer " + mint.mint(user, role, TOKEN_TTL));
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.encode()));
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), new JsonObject(response.body()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + url, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T finished(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(180, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
