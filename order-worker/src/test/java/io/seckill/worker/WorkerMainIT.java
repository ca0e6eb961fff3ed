package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.message.OrderIds;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process itself: its exits, SIGTERM, kill -9. */
class WorkerMainIT {
    @TempDir
    private Path logs;

    private TestStack stack;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        stack = new TestStack();
        stack.sale("s", 100_000);
    }

    @AfterEach
    void close() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        stack.close();
    }

    @Test
    void shouldStoreEachOrderOnceThroughKillAndTerm() throws Exception {
        int batches = 400;
        for (int i = 0; i < batches; i++) {
            stack.publish(stack.batch("s", 1, TestStack.users("u", i * 50, i * 50 + 50)));
        }
        stack.published();
        Map<String, String> small = Map.of("SECKILL_STORE_MAX_ORDERS", "256", "SECKILL_PREFETCH", "8");
        Process killed = start("killed", small);
        Await.until("it began", () -> stack.orders("s") > 0);
        killed.destroyForcibly().waitFor();

        long before = stack.orders("s");
        Process drained = start("drained", small);
        Await.until("the next one began", () -> stack.orders("s") > before);
        drained.destroy();
        assertTrue(drained.waitFor(20, TimeUnit.SECONDS), "SIGTERM ends it");
        assertTrue(log("drained").contains("drained"), log("drained"));
        long orders = stack.orders("s");
        assertEquals(orders, stack.sold("s"));
        assertEquals(
                batches - orders / 50,
                stack.channel().messageCount(stack.topology.orderQueue()),
                "all that is stored is acked, all else is left");

        stack.worker();
        Await.equal(batches * 50L, "sold", () -> stack.sold("s"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(batches * 50L, stack.orders("s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"expire-before-commit", "expire-committed", "restock-read", "restock-released", "restock-marked"
            })
    void shouldGiveUnitsBackOnceWhereverItDies(String point) throws Exception {
        String sale = stack.shortSale(3);
        Process process = start(point, Map.of("SECKILL_CRASH_AT", point));
        stack.buy(sale, "ann", "bob");
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), () -> "it dies at " + point);
        assertEquals(137, process.exitValue());

        stack.worker();

        Await.equal(3, "units in Redis", () -> stack.remaining(sale));
        Await.equal(0L, "open", () -> stack.number("SELECT COUNT(*) FROM restock WHERE applied_at IS NULL"));
        stack.drainAndExpectEmptyQueues();
        assertEquals(3, stack.remaining(sale));
        assertEquals(0, stack.sold(sale));
        assertEquals(2, stack.number("SELECT COUNT(*) FROM restock"));
        assertEquals(2, stack.number("SELECT COUNT(*) FROM orders WHERE state = 'expired'"));
    }

    @Test
    void shouldLogIdsAsKeys() throws Exception {
        stack.publish(stack.batch("nowhere", 1, TestStack.users("ann", 0, 1)));
        start("json", Map.of("SECKILL_LOG_FORMAT", "json"));
        Await.until("the dead letter is told", () -> log("json").contains("dead-lettered"));

        List<JsonObject> lines = log("json").lines().map(JsonObject::new).toList();
        JsonObject told = lines.stream()
                .filter(line -> line.getString("formattedMessage").equals("dead-lettered"))
                .findFirst()
                .orElseThrow();
        JsonObject keys = new JsonObject();
        told.getJsonArray("kvpList").forEach(pair -> keys.mergeIn((JsonObject) pair));
        assertEquals("WARN", told.getString("level"));
        assertEquals("nowhere", keys.getString("saleId"));
        assertEquals(OrderIds.of("nowhere", "ann0", 1).toString(), keys.getString("orderId"));
        assertEquals("no_such_sale", keys.getString("reason"));
    }

    @Test
    void shouldLogKeysBehindTheText() throws Exception {
        stack.publish(stack.batch("nowhere", 1, TestStack.users("ann", 0, 1)));
        start("text", Map.of());
        Await.until("the dead letter is told", () -> log("text").contains("dead-lettered"));

        String line = log("text")
                .lines()
                .filter(each -> each.contains("dead-lettered"))
                .findFirst()
                .orElseThrow();
        assertTrue(
                line.endsWith(" OrderProcessor dead-lettered orders=1 reason=no_such_sale saleId=nowhere orderId="
                        + OrderIds.of("nowhere", "ann0", 1)),
                line);
    }

    @Test
    void shouldExitWith2AndAllErrorsForAWrongConfiguration() throws Exception {
        Process process = start(
                "wrong", Map.of("SECKILL_PREFETCH", "0", "SECKILL_MANAGEMENT_PORT", "x", "SECKILL_LOG_FORMAT", "xml"));
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
        assertTrue(log("wrong").contains("SECKILL_PREFETCH=0"), log("wrong"));
        assertTrue(log("wrong").contains("SECKILL_MANAGEMENT_PORT=x"), log("wrong"));
        assertTrue(log("wrong").contains("SECKILL_LOG_FORMAT=xml"), log("wrong"));
    }

    @Test
    void shouldExitWith1WhereThePortIsTaken() throws Exception {
        Worker first = stack.worker();
        Process process = start("taken", Map.of("SECKILL_MANAGEMENT_PORT", "" + first.managementPort()));
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue());
        assertTrue(log("taken").contains("cannot bind 127.0.0.1:" + first.managementPort()), log("taken"));
    }

    private Process start(String name, Map<String, String> settings) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerMain.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(logs.resolve(name).toFile());
        builder.environment().putAll(stack.environment());
        builder.environment().putAll(settings);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private String log(String name) throws Exception {
        return Files.readString(logs.resolve(name));
    }
}
