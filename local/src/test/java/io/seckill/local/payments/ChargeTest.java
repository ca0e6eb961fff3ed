package io.seckill.local.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChargeTest {
    private static final String ORDER = "3872de59-a74f-512e-9beb-e0ab74344cda";

    private static JsonObject good() {
        return new JsonObject()
                .put("paymentId", "pay_" + ORDER)
                .put("orderId", ORDER)
                .put("amount", 990)
                .put("currency", "CNY");
    }

    @Test
    void shouldReadACharge() {
        assertEquals(new Charge("pay_" + ORDER, UUID.fromString(ORDER), 990, "CNY"), Charge.read(good()));
        assertEquals(0, Charge.read(good().put("amount", 0).put("more", true)).amount());
    }

    @Test
    void shouldLeaveRoomForTheLongestEventId() {
        Charge charge = Charge.read(good().put("paymentId", "p".repeat(44)));

        Webhook webhook = new Webhook(charge, 9_999_999_999_999L, Payment.State.SUCCEEDED, 0);

        assertTrue(webhook.id().matches("[A-Za-z0-9_:.-]{1,64}"), webhook.id());
        assertThrows(IllegalArgumentException.class, () -> Charge.read(good().put("paymentId", "p".repeat(45))));
    }

    @ParameterizedTest
    @CsvSource({
        "paymentId,''",
        "paymentId,a b",
        "orderId,1-1-1-1-1",
        "orderId,3872DE59-A74F-512E-9BEB-E0AB74344CDA",
        "orderId,none",
        "amount,990",
        "currency,cny"
    })
    void shouldNameTheFieldThatIsWrong(String field, String value) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Charge.read(good().put(field, value)));

        assertTrue(refusal.getMessage().startsWith(field), refusal.getMessage());
    }

    @Test
    void shouldRefuseWhatIsMissingOrNoAmount() {
        for (String field : good().fieldNames()) {
            JsonObject json = good();
            json.remove(field);
            assertThrows(IllegalArgumentException.class, () -> Charge.read(json), field);
        }
        assertThrows(IllegalArgumentException.class, () -> Charge.read(good().put("amount", -1)));
        assertThrows(IllegalArgumentException.class, () -> Charge.read(good().put("amount", 9.9)));
    }
}
