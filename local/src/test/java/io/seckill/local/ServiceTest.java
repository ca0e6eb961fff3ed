package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.access.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceTest {
    private static final Secrets SECRETS = new Secrets(
            "r3d15",
            "4mqp",
            "my5ql",
            "local:key",
            "p4ym3nt",
            Map.of(Role.GATEWAY, "g4t3", Role.WORKER, "w0rk", Role.SCHEMA, "5ch3m4"));
    private static final StackRecord STACK = new StackRecord(
            List.of("gateway-1", "gateway-2", "worker-1", "payments"),
            Map.of("gateway-1.http", 7001, "gateway-2.http", 7002, "payments.http", 7003),
            Map.of());

    @TempDir
    private Path root;

    private Service service;

    @BeforeEach
    void open() {
        Settings settings = Settings.from(
                Map.of("SECKILL_APP", root.toString(), "SECKILL_PAYMENT_SECRETS", "of-another-home"), root);
        service = new Service(settings, new Home(root), STACK, SECRETS, Surroundings.USUAL);
    }

    @Test
    void shouldTellGatewaysAndTheProviderOfEachOther() {
        Map<String, String> gateway = service.service("gateway-2").environment();
        Map<String, String> payments = service.service("payments").environment();

        assertEquals("http://127.0.0.1:7003", gateway.get("SECKILL_PAYMENT_URL"));
        assertEquals("p4ym3nt", gateway.get("SECKILL_PAYMENT_SECRETS"));
        assertEquals("p4ym3nt", payments.get("SECKILL_PAYMENT_SECRETS"));
        assertEquals("7003", payments.get("SECKILL_PAYMENTS_PORT"));
        assertEquals("http://127.0.0.1:7001,http://127.0.0.1:7002", payments.get("SECKILL_PAYMENT_GATEWAYS"));
    }

    @Test
    void shouldKeepTheProviderSmallAndAwayFromTheServers() {
        Launch payments = service.service("payments");

        assertTrue(payments.command().contains("-Xmx64m"), payments.toString());
        assertTrue(payments.command().contains("io.seckill.local.payments.PaymentProviderMain"), payments.toString());
        assertFalse(payments.environment().containsValue("my5ql"));
    }
}
