package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.process.Heartbeat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The console as it is served, and what only it asks for. How it works in a browser is tested on a whole stack. */
class ConsolePagesIT {
    private static final String SYSTEM = "/admin/v1/system";
    private static final Pattern ASSET = Pattern.compile("\"(/assets/[^\"]+)\"");

    private static GatewayFixture shop;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(0);
        String run = UUID.randomUUID().toString().substring(0, 8);
        for (int i = 1; i <= 2; i++) {
            shop.start(Map.of("SECKILL_INSTANCE", "gateway-" + i + "-" + run));
        }
        for (int i = 0; i < 2; i++) {
            Await.until("the gateway is ready", shop.gateway(i)::isReady);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @Test
    void shouldServeThePageWithoutAToken() throws Exception {
        HttpResponse<Buffer> page = get("/");

        assertEquals(200, page.statusCode());
        assertEquals("text/html; charset=utf-8", page.getHeader("content-type"));
        String policy = page.getHeader("content-security-policy");
        assertTrue(policy.startsWith("default-src 'none';"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertFalse(policy.contains("http"), policy);
    }

    @Test
    void shouldServeWhatThePageRefersTo() throws Exception {
        List<String> assets = ASSET.matcher(get("/").bodyAsString())
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertTrue(assets.stream().anyMatch(path -> path.startsWith("/assets/uplot.")), assets::toString);
        for (String path : assets) {
            HttpResponse<Buffer> asset = get(path);
            assertEquals(200, asset.statusCode(), path);
            assertTrue(asset.getHeader("cache-control").contains("immutable"), path);
        }
    }

    @Test
    void shouldShowEachGatewayAndWhatItAccepted() throws Exception {
        String saleId = shop.sale(10);
        Answers.accepted(shop.buy(1, saleId, "ann"));
        String name = instance(1);

        Await.until(
                "both are heard",
                () -> process(name).isPresent() && process(instance(0)).isPresent());
        Await.until(
                "it counts",
                () -> process(name).orElseThrow().getJsonObject("counts").getLong("accepted") >= 1);
        JsonObject gateway = process(name).orElseThrow();
        assertTrue(gateway.getBoolean("ready"));
        assertEquals(new JsonArray(), gateway.getJsonArray("missing"));
        JsonArray latency = gateway.getJsonArray("latency");
        assertEquals(
                gateway.getJsonObject("counts").getLong("accepted"),
                latency.getJsonArray(latency.size() - 1).getLong(1));
        shop.take(shop.topology().orderQueue());
    }

    @Test
    void shouldShowWhoFellSilentUntilItIsBack() throws Exception {
        Heartbeat worker = worker("first");
        publish(worker);
        Await.until("it is silent", () -> process("worker-x")
                .filter(process -> process.getBoolean("silent"))
                .isPresent());

        publish(worker("second"));
        Await.equal("second", "the process of that name", () -> process("worker-x")
                .orElseThrow()
                .getString("id"));
        publish(worker("second").last());
        Await.until("it left", () -> process("worker-x").isEmpty());
    }

    @Test
    void shouldTellWhatWaits() throws Exception {
        Await.equal(0.0, "messages", () -> system().getJsonObject("queues").getDouble("orders"));
        Await.equal(
                0.0, "dead letters", () -> system().getJsonObject("deadLetters").getDouble("true"));
        assertEquals(0.0, system().getJsonObject("outbox").getDouble("oldestAgeSeconds"));
        assertTrue(system().getBoolean("listening"));
    }

    private static Heartbeat worker(String id) {
        return new Heartbeat(
                Heartbeat.WORKER, "worker-x", id, 1, true, List.of(), false, Map.of("stored", 1L), List.of());
    }

    private static void publish(Heartbeat heartbeat) throws Exception {
        shop.redis(Request.cmd(Command.PUBLISH)
                .arg(Heartbeat.CHANNEL)
                .arg(heartbeat.json().encode()));
    }

    private static Optional<JsonObject> process(String instance) throws Exception {
        return system().getJsonArray("processes").stream()
                .map(JsonObject.class::cast)
                .filter(process -> process.getString("instance").equals(instance))
                .findFirst();
    }

    private static String instance(int gateway) throws Exception {
        return shop.admin(gateway, HttpMethod.GET, SYSTEM, null)
                .bodyAsJsonObject()
                .getString("instance");
    }

    private static JsonObject system() throws Exception {
        return shop.admin(0, HttpMethod.GET, SYSTEM, null).bodyAsJsonObject();
    }

    private static HttpResponse<Buffer> get(String path) throws Exception {
        return Await.result(shop.management(0, HttpMethod.GET, path).send());
    }
}
