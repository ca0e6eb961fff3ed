package io.seckill.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.http.JwtKeys;
import io.seckill.gateway.http.TestTokens;
import io.seckill.schema.config.InvalidSettings;
import io.seckill.schema.config.TelemetrySettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayConfigTest {
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "SECKILL_REDIS_URI", "redis://:hidden1@127.0.0.1:6379",
            "SECKILL_AMQP_URI", "amqp://user:hidden2@127.0.0.1:5672",
            "SECKILL_MYSQL_HOST", "127.0.0.1",
            "SECKILL_MYSQL_PASSWORD", "hidden3",
            "SECKILL_JWT_KEYS", TestTokens.KEYS,
            "SECKILL_PAYMENT_SECRETS", Backends.PAYMENT_SECRET));

    @Test
    void shouldHaveDefaults() {
        GatewayConfig config = GatewayConfig.read(environment::get);

        assertEquals("127.0.0.1", config.httpHost());
        assertEquals(8080, config.httpPort());
        assertEquals("127.0.0.1", config.managementHost());
        assertEquals(9080, config.managementPort());
        assertEquals(2_000, config.purchaseDeadlineMs());
        assertEquals(1_000, config.redisTimeoutMs());
        assertEquals(2_000, config.confirmTimeoutMs());
        assertEquals(4_000, config.outboxLeaseMs());
        assertEquals(10_000, config.missingAfterMs());
        assertEquals(256, config.batchMaxOrders());
        assertEquals(4_096, config.maxBodyBytes());
        assertEquals("seckill", config.identity().rules().audience());
        assertEquals(
                Set.of(TestTokens.KEY_ID), config.identity().jwtKeys().secrets().keySet());
    }

    @Test
    void shouldTraceNothingUnlessToldWhereTo() {
        TelemetrySettings none = GatewayConfig.read(environment::get).telemetry();
        assertEquals(new TelemetrySettings("text", "", 0.001), none);
        assertFalse(none.isTraced());

        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example:4318/otlp");
        environment.put("OTEL_TRACES_SAMPLER_ARG", "1");
        environment.put("SECKILL_LOG_FORMAT", "json");
        assertEquals(
                new TelemetrySettings("json", "https://collector.example:4318/otlp", 1),
                GatewayConfig.read(environment::get).telemetry());
    }

    @Test
    void shouldRefuseWrongTelemetryAndShowNoPassword() {
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://me:hidden@collector:4318");
        environment.put("OTEL_TRACES_SAMPLER_ARG", "1.5");
        environment.put("SECKILL_LOG_FORMAT", "JSON");
        assertEquals(
                List.of(
                        "OTEL_TRACES_SAMPLER_ARG=1.5 is not valid; expected a number from 0 to 1, like 0.001",
                        "OTEL_EXPORTER_OTLP_ENDPOINT (not shown, it may hold a password) is not valid; expected"
                                + " http://host:port or https://host:port of a collector that takes OTLP over HTTP",
                        "SECKILL_LOG_FORMAT=JSON is not valid; expected text or json"),
                errors());
    }

    @ParameterizedTest
    @CsvSource({
        "SECKILL_HTTP_PORT,0,65535",
        "SECKILL_MANAGEMENT_PORT,0,65535",
        "SECKILL_EVENT_LOOPS,1,64",
        "SECKILL_PURCHASE_DEADLINE_MS,100,30000",
        "SECKILL_REDIS_TIMEOUT_MS,50,30000",
        "SECKILL_CONFIRM_TIMEOUT_MS,50,30000",
        "SECKILL_OUTBOX_LEASE_MS,100,60000",
        "SECKILL_MISSING_AFTER_MS,500,3600000",
        "SECKILL_MAX_IN_FLIGHT,1,100000",
        "SECKILL_MAX_CONNECTIONS,1,1000000",
        "SECKILL_BATCH_MAX_ORDERS,1,256",
        "SECKILL_SALE_POLL_MS,20,1000",
        "SECKILL_MYSQL_POOL,1,64",
        "SECKILL_MYSQL_TIMEOUT_MS,100,30000",
        "SECKILL_MAX_BODY_BYTES,256,1048576",
        "SECKILL_UNREADY_MS,0,60000",
        "SECKILL_DRAIN_TIMEOUT_MS,0,120000"
    })
    void shouldRefuseNumbersOutOfBounds(String name, int min, int max) {
        for (String value : new String[] {"" + (min - 1), "" + (max + 1), "1.5", "x", "99999999999", "0x10"}) {
            environment.put(name, value);
            assertEquals(
                    List.of(name + "=" + value + " is not valid; expected a whole number from " + min + " to " + max),
                    errors());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SECKILL_REDIS_URI", "SECKILL_AMQP_URI", "SECKILL_MYSQL_HOST", "SECKILL_JWT_KEYS"})
    void shouldRefuseToGoWithout(String name) {
        environment.remove(name);
        assertEquals(1, errors().size());
        assertTrue(errors().get(0).startsWith(name + " is not set; expected "), errors()::toString);

        environment.put(name, "  ");
        assertTrue(errors().get(0).startsWith(name + " is not set; expected "), errors()::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                ":",
                "a:",
                "a:short",
                ":c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
                "a:c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0,",
                "a:****c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
                "a:c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0,a:c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
            })
    void shouldRefuseBadKeysAndNotShowThem(String keys) {
        environment.put("SECKILL_JWT_KEYS", keys);

        assertEquals(List.of("SECKILL_JWT_KEYS (not shown) is not valid; expected " + JwtKeys.FORM), errors());
    }

    @Test
    void shouldTakeSeveralKeys() {
        environment.put(
                "SECKILL_JWT_KEYS", TestTokens.KEYS + ", next:c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0");

        assertEquals(
                Set.of(TestTokens.KEY_ID, "next"),
                GatewayConfig.read(environment::get)
                        .identity()
                        .jwtKeys()
                        .secrets()
                        .keySet());
    }

    @Test
    void shouldRefuseRedisToTakeLongerThanThePurchase() {
        environment.put("SECKILL_REDIS_TIMEOUT_MS", "2000");

        assertEquals(
                List.of("SECKILL_REDIS_TIMEOUT_MS (2000) must be less than SECKILL_PURCHASE_DEADLINE_MS (2000)"),
                errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SECKILL_CONFIRM_TIMEOUT_MS", "SECKILL_PURCHASE_DEADLINE_MS"})
    void shouldRefuseALeaseThatEndsWhileItsGatewayPublishes(String name) {
        environment.put(name, "4000");

        assertEquals(1, errors().size());
        assertTrue(errors().get(0).startsWith("SECKILL_OUTBOX_LEASE_MS (4000) must be more than"));
    }

    @Test
    void shouldTellAllErrorsAtOnce() {
        environment.clear();
        environment.put("SECKILL_HTTP_PORT", "x");
        environment.put("SECKILL_EVENT_LOOPS", "0");
        environment.put("SECKILL_AMQP_PREFIX", "UPPER");
        environment.put("SECKILL_OUTBOX_LEASE_MS", "100");

        assertEquals(9, errors().size(), errors()::toString);
    }

    @Test
    void shouldNotShowSecrets() {
        String shown = GatewayConfig.read(environment::get).toString();

        for (String secret :
                new String[] {"hidden1", "hidden2", "hidden3", TestTokens.KEYS.split(":", 2)[1], Backends.PAYMENT_SECRET
                }) {
            assertFalse(shown.contains(secret), shown);
        }
        assertTrue(shown.contains("jwtKeys=[test]"), shown);
    }

    @ParameterizedTest
    @CsvSource({
        "SECKILL_PAYMENT_SECRETS, short",
        "SECKILL_PAYMENT_URL, ftp://provider",
        "SECKILL_PAYMENT_URL, http://user:word@provider",
        "SECKILL_SIGN_IN_URL, sign-in",
        "SECKILL_SIGN_IN_URL, javascript:alert(1)",
        "SECKILL_SIGN_IN_URL, 'https://id.example/\"><script>'",
        "SECKILL_CRASH_AT, somewhere"
    })
    void shouldRefuse(String name, String value) {
        environment.put(name, value);

        assertEquals(1, errors().size(), errors()::toString);
        assertTrue(errors().get(0).startsWith(name), errors()::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sign-in", "https://id.example/auth?client_id=shop&response_type=token"})
    void shouldSendShoppersToSignIn(String url) {
        environment.put("SECKILL_SIGN_IN_URL", url);

        assertEquals(url, GatewayConfig.read(environment::get).signInUrl());
    }

    private List<String> errors() {
        return assertThrows(InvalidSettings.class, () -> GatewayConfig.read(environment::get))
                .errors();
    }
}
