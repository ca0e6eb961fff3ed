package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.fault.TcpProxy;
import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.redis.SaleKeys;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's view of what could not be stored, and its way back to the workers. */
class DeadLetterIT {
    private static final String LETTERS = "/admin/v1/dead-letters";
    private static final String REPLAY = LETTERS + "/replay";

    private static GatewayFixture shop;
    private static DeadOrders dead;

    @BeforeAll
    static void start() throws Exception {
        shop = new GatewayFixture(1);
        dead = new DeadOrders(shop);
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
    }

    @AfterEach
    void empty() throws Exception {
        shop.sql("DELETE FROM dead_letter");
        sent();
    }

    @Test
    void shouldListTheNewestFirstInPages() throws Exception {
        String saleId = shop.sale(50);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            keys.add(0, dead.order(saleId, "user" + i, 1, "sql_1406"));
        }

        List<String> seen = new ArrayList<>();
        String before = "";
        for (int page = 2; page > 0; page = list("?limit=2" + before).size()) {
            JsonArray letters = list("?limit=2" + before);
            letters.forEach(letter -> seen.add(((JsonObject) letter).getString("key")));
            before = "&before=" + seen.get(seen.size() - 1);
        }

        assertEquals(keys, seen);
    }

    @Test
    void shouldTellOfEachWhatItIsAndWhetherItCanBeReplayed() throws Exception {
        String saleId = shop.sale(50);
        String open = dead.order(saleId, "ann", 1, "no_such_sale");
        String stale = dead.order(saleId, "bob", 1, "stale_epoch: impossible_time");
        String surplus = dead.order(saleId, "cid", 1, "stock_exceeded");
        String stored = dead.order(saleId, "dan", 1, "sql_1406");
        dead.store(saleId, "dan");

        JsonObject letter = only(list("?open=true&reason=no_such_sale"));
        assertEquals(open, letter.getString("key"));
        assertEquals(open, letter.getString("orderId"));
        assertEquals(saleId, letter.getString("saleId"));
        assertEquals("ann", letter.getString("userId"));
        assertEquals(1, letter.getInteger("quantity"));
        assertEquals("no_such_sale", letter.getString("reason"));
        assertTrue(letter.getString("createdAt").endsWith("Z"));
        assertNull(letter.getString("replayedAt"));
        assertEquals(true, letter.getBoolean("replayable"));
        Map<String, String> whyNot = Map.of(stale, "stale_epoch", surplus, "stock_exceeded", stored, "stored");
        for (Object each : list("?saleId=" + saleId)) {
            JsonObject shown = (JsonObject) each;
            assertEquals(whyNot.get(shown.getString("key")), shown.getString("whyNot"));
        }
        assertEquals(3, list("?open=true").size());
    }

    @Test
    void shouldShowABoundedPrintableBeginningOfWhatCannotBeRead() throws Exception {
        byte[] payload = new byte[70_000];
        payload[0] = 'h';
        payload[1] = 'i';
        dead.malformed(payload);

        JsonObject letter = only(list(""));

        assertEquals(70_000, letter.getInteger("size"));
        assertEquals("hi" + ".".repeat(94), letter.getString("excerpt"));
        assertNull(letter.getString("orderId"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?limit=0",
                "?limit=501",
                "?limit=x",
                "?limit=-1",
                "?before=x",
                "?before=%27",
                "?saleId=UPPER",
                "?reason=a%20b",
                "?open=1"
            })
    void shouldRefuseABadQuestion(String query) throws Exception {
        Answers.problem(400, "invalid_request", shop.admin(0, HttpMethod.GET, LETTERS + query, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"keys\":[]}",
                "{\"keys\":\"x\"}",
                "{\"keys\":[1]}",
                "{\"keys\":[\"x\"]}",
                "{\"keys\":null}",
                "{\"saleId\":1}",
                "{\"saleId\":\"UPPER\"}",
                "{\"reason\":\"%\"}",
                "{\"all\":true}",
                "[]",
                "{"
            })
    void shouldRefuseABadReplay(String body) throws Exception {
        dead.order(shop.sale(5), "ann", 1, "sql_1406");
        HttpResponse<Buffer> answer = Await.result(shop.management(0, HttpMethod.POST, REPLAY)
                .putHeader("authorization", shop.adminToken())
                .sendBuffer(Buffer.buffer(body)));

        Answers.problem(400, "invalid_request", answer);
        assertEquals(0, sent().size());
    }

    @Test
    void shouldRefuseMoreKeysThanAReplayTakesAndAStrangersToken() throws Exception {
        JsonArray many = new JsonArray();
        for (int i = 0; i < 257; i++) {
            many.add(String.format("%064x", i));
        }
        JsonObject body = new JsonObject().put("keys", many);
        Answers.problem(400, "invalid_request", shop.admin(0, HttpMethod.POST, REPLAY, body));
        many.remove(0);
        assertEquals(200, shop.admin(0, HttpMethod.POST, REPLAY, body).statusCode());
        for (HttpMethod method : new HttpMethod[] {HttpMethod.GET, HttpMethod.POST}) {
            String path = method.equals(HttpMethod.GET) ? LETTERS : REPLAY;
            Answers.problem(
                    401,
                    "unauthenticated",
                    Await.result(shop.management(0, method, path).send()));
            Answers.problem(
                    403,
                    "forbidden",
                    Await.result(shop.management(0, method, path)
                            .putHeader("authorization", shop.token("ann"))
                            .send()));
        }
    }

    @Test
    void shouldSendTheSameMessageOnceMoreAndNoteItOnce() throws Exception {
        String saleId = shop.sale(50);
        String ann = dead.order(saleId, "ann", 1, "no_such_sale");
        String malformed = dead.malformed("not a batch".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        JsonObject done = replay(new JsonObject());

        assertEquals(new JsonArray(), done.getJsonArray("refused"));
        assertEquals(List.of(ann, malformed).stream().sorted().toList(), keys(done));
        List<byte[]> messages = sent();
        assertEquals(2, messages.size());
        assertTrue(messages.stream()
                .anyMatch(body -> new String(body, java.nio.charset.StandardCharsets.US_ASCII).equals("not a batch")));
        assertTrue(messages.stream().anyMatch(body -> java.util.Arrays.equals(body, dead.payload(saleId, "ann", 1))));
        assertEquals("replayed", only(list("?saleId=" + saleId)).getString("state"));
        assertNotNull(only(list("?saleId=" + saleId)).getString("replayedAt"));
        JsonObject line = shop.admin(0, HttpMethod.GET, "/admin/v1/sales/" + saleId + "/trail", null)
                .bodyAsJsonArray()
                .getJsonObject(0);
        assertEquals("replay", line.getString("action"));
        assertEquals(1, line.getJsonObject("detail").getInteger("deadLetters"));
        assertFalse(line.getString("actor").isEmpty());

        assertEquals(List.of(), keys(replay(new JsonObject())), "nothing is open any more");
        assertEquals(0, sent().size());
        assertEquals(List.of(ann), keys(replay(keyed(ann))), "who asks for this very letter gets it sent again");
        assertEquals(1, sent().size());
    }

    @Test
    void shouldSelectBySaleAndReason() throws Exception {
        String saleId = shop.sale(50);
        String other = shop.sale(50);
        String ann = dead.order(saleId, "ann", 1, "sql_1406: too long");
        dead.order(saleId, "bob", 1, "no_such_sale");
        dead.order(other, "ann", 1, "sql_1406");

        JsonObject selection = new JsonObject().put("saleId", saleId).put("reason", "sql_1406");
        assertEquals(List.of(ann), keys(replay(selection)));
        assertEquals(1, keys(replay(new JsonObject().put("saleId", saleId))).size());
        assertEquals(1, keys(replay(new JsonObject().put("reason", "sql_1406"))).size());
    }

    @Test
    void shouldCarryAnOrderOfAnEarlierEpochIntoThePresentOne() throws Exception {
        String saleId = shop.sale(50);
        String ann = dead.order(saleId, "ann", 1, "no_such_sale");
        shop.sql("UPDATE sale_row SET epoch = 3, accept_epoch = 3 WHERE sale_id = '" + saleId + "'");
        holds(saleId, "ann", "a:1:1:3:0:" + System.currentTimeMillis());

        assertEquals(List.of(ann), keys(replay(keyed(ann))));

        Lot lot = OrderBatch.decode(Buffer.buffer(sent().get(0))).lots().get(0);
        Lot before = OrderBatch.decode(Buffer.buffer(dead.payload(saleId, "ann", 1)))
                .lots()
                .get(0);
        assertEquals(before.carriedInto(3), lot);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "r:1:1:3:0:1700000000000:4", "a:2:1:3:5:1700000000000"})
    void shouldNotReplayWhatARebuildDidNotKeep(String entry) throws Exception {
        String saleId = shop.sale(50);
        String ann = dead.order(saleId, "ann", 1, "duplicate_active_order");
        shop.sql("UPDATE sale_row SET epoch = 3, accept_epoch = 3 WHERE sale_id = '" + saleId + "'");
        if (!entry.isEmpty()) {
            holds(saleId, "ann", entry);
        }

        assertEquals(
                new JsonObject().put("key", ann).put("why", "units_gone"),
                replay(keyed(ann)).getJsonArray("refused").getJsonObject(0));
        assertEquals(0, sent().size());
    }

    @Test
    void shouldNotReplayWhatHoldsNoUnitsOrIsStored() throws Exception {
        String saleId = shop.sale(50);
        String stale = dead.order(saleId, "ann", 1, "stale_epoch");
        String surplus = dead.order(saleId, "bob", 1, "stock_exceeded");
        String stored = dead.order(saleId, "cid", 1, "sql_1406");
        dead.store(saleId, "cid");
        String cut = dead.malformed(new byte[1], "malformed: x (payload cut, was 2000000 bytes)");
        String unknown = "0".repeat(64);

        JsonObject done = replay(keyed(stale, surplus, stored, cut, unknown));

        assertEquals(List.of(), keys(done));
        Map<String, String> why = new java.util.HashMap<>();
        for (Object refused : done.getJsonArray("refused")) {
            why.put(((JsonObject) refused).getString("key"), ((JsonObject) refused).getString("why"));
        }
        assertEquals(
                Map.of(
                        stale, "stale_epoch",
                        surplus, "stock_exceeded",
                        stored, "stored",
                        cut, "payload_cut",
                        unknown, "not_found"),
                why);
        assertEquals(3, replay(new JsonObject()).getJsonArray("refused").size(), "and says so of all that is open");
        assertEquals(0, sent().size());
    }

    @Test
    void shouldLeaveALetterOpenThatCameBackBeforeItsReplayWasNoted() throws Exception {
        String saleId = shop.sale(50);
        String ann = dead.order(saleId, "ann", 1, "no_such_sale");
        shop.sql("SET autocommit = 0");
        shop.sql("UPDATE dead_letter SET deaths = deaths + 1, reason = 'again' WHERE dead_key = '" + ann + "'");
        Future<HttpResponse<Buffer>> answer = shop.management(0, HttpMethod.POST, REPLAY)
                .putHeader("authorization", shop.adminToken())
                .sendJsonObject(keyed(ann));
        Await.until(
                "it is sent", () -> shop.channel().messageCount(shop.topology().orderQueue()) == 1);
        shop.sql("COMMIT");
        shop.sql("SET autocommit = 1");

        assertEquals(200, Await.result(answer).statusCode());
        assertEquals("open", only(list("")).getString("state"));
    }

    @Test
    void shouldSendItAgainWhenTheReplayCouldNotBeNoted() throws Exception {
        String saleId = shop.sale(50);
        String ann = dead.order(saleId, "ann", 1, "no_such_sale");
        shop.sql("SET autocommit = 0");
        shop.sql("SELECT * FROM dead_letter FOR UPDATE");

        Answers.problem(503, "overloaded", shop.admin(0, HttpMethod.POST, REPLAY, keyed(ann)));

        shop.sql("ROLLBACK");
        shop.sql("SET autocommit = 1");
        assertEquals(1, sent().size(), "it is with RabbitMQ");
        Await.until("and sent again", () -> {
            HttpResponse<Buffer> again = shop.admin(0, HttpMethod.POST, REPLAY, new JsonObject());
            return again.statusCode() == 200;
        });
        assertEquals("replayed", only(list("")).getString("state"));
    }

    @Test
    void shouldNotNoteWhatRabbitMqDidNotConfirm() throws Exception {
        String ann = dead.order(shop.sale(50), "ann", 1, "no_such_sale");
        URI amqp = URI.create(shop.settings().amqp().uri());
        try (TcpProxy proxy = new TcpProxy(amqp.getHost(), amqp.getPort())) {
            TestGateway slow = shop.start(Map.of(
                    "SECKILL_AMQP_URI",
                    shop.settings().amqp().uri().replace(":" + amqp.getPort(), ":" + proxy.port()),
                    "SECKILL_CONFIRM_TIMEOUT_MS",
                    "300"));
            Await.until("the gateway is ready", slow::isReady);
            Await.equal(200, "once connected", () -> shop.admin(1, HttpMethod.POST, REPLAY, keyed("0".repeat(64)))
                    .statusCode());
            proxy.swallowReplies();

            JsonObject done = shop.admin(1, HttpMethod.POST, REPLAY, keyed(ann)).bodyAsJsonObject();

            assertEquals(
                    new JsonObject().put("key", ann).put("why", "unconfirmed"),
                    done.getJsonArray("refused").getJsonObject(0));
            assertEquals("open", only(list("")).getString("state"));
            proxy.refuse(true);
            Await.equal(503, "without RabbitMQ", () -> shop.admin(1, HttpMethod.POST, REPLAY, keyed(ann))
                    .statusCode());
            shop.stop(slow);
        }
    }

    @Test
    void shouldShowHowManyAreOpen() throws Exception {
        String saleId = shop.sale(50);
        dead.order(saleId, "ann", 1, "no_such_sale");
        dead.order(saleId, "bob", 1, "no_such_sale");
        dead.order(saleId, "cid", 1, "stale_epoch");
        TestGateway fresh = shop.start(Map.of());

        Await.until("they are counted", () -> {
            String metrics = Await.result(
                            shop.management(1, HttpMethod.GET, "/metrics").send())
                    .bodyAsString();
            return metrics.contains("seckill_dead_letters_open{replayable=\"true\"} 2.0")
                    && metrics.contains("seckill_dead_letters_open{replayable=\"false\"} 1.0");
        });
        shop.stop(fresh);
    }

    /** The buyer's entry as a rebuild writes it. */
    private static void holds(String saleId, String user, String entry) throws Exception {
        shop.redis(Request.cmd(Command.HSET)
                .arg(SaleKeys.of(saleId).buyers())
                .arg(user)
                .arg(entry));
    }

    private static JsonArray list(String query) throws Exception {
        HttpResponse<Buffer> answer = shop.admin(0, HttpMethod.GET, LETTERS + query, null);
        assertEquals(200, answer.statusCode(), answer::bodyAsString);
        return answer.bodyAsJsonArray();
    }

    private static JsonObject replay(JsonObject selection) throws Exception {
        HttpResponse<Buffer> answer = shop.admin(0, HttpMethod.POST, REPLAY, selection);
        assertEquals(200, answer.statusCode(), answer::bodyAsString);
        return answer.bodyAsJsonObject();
    }

    private static JsonObject keyed(String... keys) {
        return new JsonObject().put("keys", new JsonArray(List.of(keys)));
    }

    private static List<String> keys(JsonObject done) {
        return done.getJsonArray("replayed").stream()
                .map(String.class::cast)
                .sorted()
                .toList();
    }

    private static JsonObject only(JsonArray letters) {
        assertEquals(1, letters.size(), letters::encode);
        return letters.getJsonObject(0);
    }

    /** Takes all bodies out of the order queue. */
    private static List<byte[]> sent() throws Exception {
        List<byte[]> bodies = new ArrayList<>();
        for (var message = shop.channel().basicGet(shop.topology().orderQueue(), true);
                message != null;
                message = shop.channel().basicGet(shop.topology().orderQueue(), true)) {
            bodies.add(message.getBody());
        }
        return bodies;
    }
}
