package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.Lot;
import io.seckill.schema.message.OrderBatch;
import io.seckill.schema.message.OrderLine;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator's listener: live is not ready. */
class ManagementIT {
    private final HttpClient http = HttpClient.newHttpClient();
    private TestStack stack;

    @BeforeEach
    void open() throws Exception {
        stack = new TestStack();
    }

    @AfterEach
    void close() throws Exception {
        stack.close();
    }

    @Test
    void shouldBeLiveAndReadyAndShowItsMeters() throws Exception {
        Worker worker = stack.worker();
        assertEquals(200, get(worker, "/health/live").statusCode());
        HttpResponse<String> ready = get(worker, "/health/ready");
        assertEquals(200, ready.statusCode());
        assertEquals(true, new JsonObject(ready.body()).getBoolean("ready"));
        String metrics = get(worker, "/metrics").body();
        for (String name : new String[] {
            "seckill_worker_orders_stored_total",
            "seckill_worker_orders_duplicates_total",
            "seckill_worker_transaction_rows",
            "seckill_worker_deliveries_unacked"
        }) {
            assertTrue(metrics.contains(name), name);
        }
    }

    @Test
    void shouldShowHowLateAnOrderWasStored() throws Exception {
        stack.sale("s", 10);
        Worker worker = stack.worker("SECKILL_PREFETCH", "5");
        long tenSecondsAgo = System.currentTimeMillis() - 10_000;
        stack.publish(
                new OrderBatch(List.of(new Lot("s", 1, 1, tenSecondsAgo, 900, List.of(new OrderLine("ann", 1, 1))))));
        Await.equal(1L, "orders", () -> stack.orders("s"));

        Await.until("it was noted", () -> worker.metrics().contains("seckill_worker_lag_seconds_count 1"));
        String metrics = worker.metrics();
        assertTrue(metrics.contains("seckill_worker_lag_seconds_bucket{le=\"5.0\"} 0"), metrics);
        assertTrue(metrics.contains("seckill_worker_lag_seconds_bucket{le=\"30.0\"} 1"), metrics);
        assertTrue(metrics.contains("seckill_worker_deliveries_limit 10.0"), metrics);
        assertTrue(metrics.contains("seckill_worker_ready 1.0"), metrics);
    }

    @Test
    void shouldAnswerOtherPathsWithAProblem() throws Exception {
        HttpResponse<String> answer = get(stack.worker(), "/admin");
        assertEquals(404, answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("content-type").orElse(""));
        assertEquals("not_found", new JsonObject(answer.body()).getString("code"));
    }

    @Test
    void shouldBeLiveButNotReadyWithoutServersAndSayWhichIsMissing() throws Exception {
        Worker worker = stack.startWorker(
                "SECKILL_MYSQL_PORT",
                "1",
                "SECKILL_MYSQL_HOST",
                "127.0.0.1",
                "SECKILL_AMQP_URI",
                "amqp://guest:guest@127.0.0.1:1");
        assertEquals(200, get(worker, "/health/live").statusCode());
        HttpResponse<String> ready = get(worker, "/health/ready");
        assertEquals(503, ready.statusCode());
        String metrics = get(worker, "/metrics").body();
        assertTrue(metrics.contains("seckill_worker_ready 0.0"), metrics);
        assertTrue(metrics.contains("seckill_worker_component_ready{component=\"mysql\"} 0.0"), metrics);
        JsonObject json = new JsonObject(ready.body());
        assertEquals(false, json.getJsonObject("mysql").getBoolean("ready"));
        assertEquals(false, json.getJsonObject("rabbitmq").getBoolean("ready"));
        stack.drain(worker);
    }

    @Test
    void shouldSayWhatRabbitMqHasOtherwiseAndPutItRightWhenItIsGone() throws Exception {
        String queue = stack.topology.orderQueue();
        stack.channel().queueDelete(queue);
        stack.channel().queueDeclare(queue, true, false, false, null);
        Worker worker = stack.startWorker();
        Await.until("it says so", () -> get(worker, "/health/ready")
                .body()
                .contains("queue " + queue + " is in RabbitMQ with other properties than this version declares"));

        stack.channel().queueDelete(queue);

        Await.until("it is ready", worker::isReady);
    }

    @Test
    void shouldNotBeReadyWithoutTables() throws Exception {
        stack.sql("RENAME TABLE flyway_schema_history TO away");
        Worker worker = stack.startWorker();
        Await.until(
                "it says what to do",
                () -> get(worker, "/health/ready").body().contains("the tables are missing; run SchemaMain"));
        stack.sql("RENAME TABLE away TO flyway_schema_history");
        Await.until("it is ready", worker::isReady);
    }

    @Test
    void shouldNotStartOnAPortThatIsTaken() throws Exception {
        Worker first = stack.worker();
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> TestStack.await(Worker.start(
                        stack.vertx,
                        stack.config(java.util.Map.of("SECKILL_MANAGEMENT_PORT", "" + first.managementPort())))));
        assertTrue(
                failure.getCause().getMessage().contains("in use"),
                failure.getCause().getMessage());
    }

    @Test
    void shouldBeUnreadyOnceItDrains() throws Exception {
        Worker worker = stack.worker();
        stack.drain(worker);
        assertEquals(503, get(worker, "/health/ready").statusCode());
        assertEquals(200, get(worker, "/health/live").statusCode());
    }

    private HttpResponse<String> get(Worker worker, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.managementPort() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
