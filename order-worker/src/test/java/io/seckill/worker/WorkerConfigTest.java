package io.seckill.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.config.InvalidSettings;
import io.seckill.schema.config.TelemetrySettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerConfigTest {
    private static final Map<String, String> MINIMAL = Map.of(
            "SECKILL_REDIS_URI", "redis://localhost",
            "SECKILL_AMQP_URI", "amqp://user:amqpsecret@localhost:5673",
            "SECKILL_MYSQL_HOST", "localhost",
            "SECKILL_MYSQL_PASSWORD", "mysqlsecret");

    @Test
    void shouldHaveDefaults() {
        WorkerConfig config = WorkerConfig.read(MINIMAL::get);
        assertEquals("127.0.0.1", config.managementHost());
        assertEquals(9180, config.managementPort());
        assertEquals("worker", config.instance());
        assertEquals(1, config.workerInstances());
        assertEquals(64, config.prefetch());
        assertEquals(1_024, config.storeMaxOrders());
        assertEquals(10_000, config.storeTimeoutMs());
        assertEquals(20_000, config.drainTimeoutMs());
        assertEquals(2_000, config.confirmTimeoutMs());
    }

    @Test
    void shouldMapEachVariable() {
        Map<String, String> all = new HashMap<>(MINIMAL);
        all.put("SECKILL_MANAGEMENT_HOST", "0.0.0.0");
        all.put("SECKILL_MANAGEMENT_PORT", "0");
        all.put("SECKILL_INSTANCE", "worker-7");
        all.put("SECKILL_WORKER_INSTANCES", "2");
        all.put("SECKILL_PREFETCH", "3");
        all.put("SECKILL_STORE_MAX_ORDERS", "256");
        all.put("SECKILL_STORE_TIMEOUT_MS", "500");
        all.put("SECKILL_DRAIN_TIMEOUT_MS", "600");
        all.put("SECKILL_CONFIRM_TIMEOUT_MS", "700");
        all.put("SECKILL_PURCHASE_DEADLINE_MS", "800");
        all.put("SECKILL_REBUILD", "off");
        all.put("SECKILL_CRASH_AT", "restock-read");
        all.put("SECKILL_LOG_FORMAT", "json");
        all.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
        all.put("OTEL_TRACES_SAMPLER_ARG", "0.25");
        WorkerConfig config = WorkerConfig.read(all::get);
        assertEquals(
                new WorkerConfig(
                        config.servers(),
                        new TelemetrySettings("json", "http://collector:4318", 0.25),
                        "0.0.0.0",
                        0,
                        "worker-7",
                        2,
                        3,
                        256,
                        500,
                        600,
                        700,
                        800,
                        false,
                        "restock-read"),
                config);
    }

    @ParameterizedTest
    @CsvSource({
        "SECKILL_MANAGEMENT_PORT, 65536",
        "SECKILL_MANAGEMENT_PORT, -1",
        "SECKILL_INSTANCE, a name",
        "SECKILL_WORKER_INSTANCES, 0",
        "SECKILL_WORKER_INSTANCES, 33",
        "SECKILL_PREFETCH, 0",
        "SECKILL_PREFETCH, many",
        "SECKILL_STORE_MAX_ORDERS, 255",
        "SECKILL_STORE_MAX_ORDERS, 16385",
        "SECKILL_STORE_TIMEOUT_MS, 99",
        "SECKILL_STORE_TIMEOUT_MS, 20000",
        "SECKILL_DRAIN_TIMEOUT_MS, 10000",
        "SECKILL_DRAIN_TIMEOUT_MS, 600001",
        "SECKILL_CONFIRM_TIMEOUT_MS, 49",
        "SECKILL_PURCHASE_DEADLINE_MS, 99",
        "SECKILL_REBUILD, maybe",
        "SECKILL_CRASH_AT, somewhere",
        "SECKILL_LOG_FORMAT, xml",
        "OTEL_EXPORTER_OTLP_ENDPOINT, collector:4318",
        "OTEL_EXPORTER_OTLP_ENDPOINT, http://me:secret@collector:4318",
        "OTEL_TRACES_SAMPLER_ARG, 1.5",
        "OTEL_TRACES_SAMPLER_ARG, always"
    })
    void shouldRefuse(String name, String value) {
        Map<String, String> all = new HashMap<>(MINIMAL);
        all.put(name, value);
        List<String> errors = assertThrows(InvalidSettings.class, () -> WorkerConfig.read(all::get))
                .errors();
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).contains(name), errors::toString);
    }

    @Test
    void shouldTellAllErrorsAtOnce() {
        Map<String, String> bad = Map.of("SECKILL_PREFETCH", "x", "SECKILL_STORE_MAX_ORDERS", "10");
        List<String> errors = assertThrows(InvalidSettings.class, () -> WorkerConfig.read(bad::get))
                .errors();
        assertEquals(5, errors.size(), errors::toString);
    }

    @Test
    void shouldNotShowSecrets() {
        String shown = WorkerConfig.read(MINIMAL::get).toString();
        assertFalse(shown.contains("secret"), shown);
        assertTrue(shown.contains("localhost:5673"), shown);
    }
}
