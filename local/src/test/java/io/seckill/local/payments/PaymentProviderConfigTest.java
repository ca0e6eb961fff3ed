package io.seckill.local.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.config.InvalidSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PaymentProviderConfigTest {
    private static final String SECRET = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";

    @Test
    void shouldReadItsEnvironment() {
        PaymentProviderConfig config = PaymentProviderConfig.read(Map.of(
                "SECKILL_PAYMENT_SECRETS",
                SECRET,
                "SECKILL_PAYMENT_GATEWAYS",
                "http://127.0.0.1:8080,http://127.0.0.1:8081")::get);

        assertEquals(9280, config.port());
        assertEquals(List.of("http://127.0.0.1:8080", "http://127.0.0.1:8081"), config.gateways());
        assertFalse(config.toString().contains(SECRET));
    }

    @Test
    void shouldSayAllThatIsWrongAtOnce() {
        InvalidSettings refusal = assertThrows(
                InvalidSettings.class,
                () -> PaymentProviderConfig.read(Map.of(
                        "SECKILL_PAYMENTS_PORT", "http",
                        "SECKILL_PAYMENT_SECRETS", "short",
                        "SECKILL_PAYMENT_GATEWAYS", "127.0.0.1:8080")::get));

        for (String name : List.of("SECKILL_PAYMENTS_PORT", "SECKILL_PAYMENT_SECRETS", "SECKILL_PAYMENT_GATEWAYS")) {
            assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
        }
        assertFalse(refusal.getMessage().contains("short"), refusal.getMessage());
    }
}
