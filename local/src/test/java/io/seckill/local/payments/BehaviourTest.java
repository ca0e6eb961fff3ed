package io.seckill.local.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BehaviourTest {
    @Test
    void shouldReadWhatItWrites() {
        Behaviour behaviour = new Behaviour(250, 2, true, 0.25, true, -7);

        assertEquals(behaviour, Behaviour.read(behaviour.json()));
        assertEquals(
                "{\"delayMs\":0,\"duplicates\":0,\"reorder\":false,\"failRate\":0.0,\"holdWebhooks\":false,\"seed\":1}",
                Behaviour.PRESET.json().encode());
    }

    @Test
    void shouldTakeWhatIsLeftOutAsPreset() {
        assertEquals(Behaviour.PRESET, Behaviour.read(new JsonObject()));
        assertEquals(1, Behaviour.read(new JsonObject("{\"failRate\":1}")).failRate());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"delayMs\":-1}",
                "{\"delayMs\":600001}",
                "{\"delayMs\":1.5}",
                "{\"delayMs\":null}",
                "{\"duplicates\":11}",
                "{\"duplicates\":\"1\"}",
                "{\"reorder\":1}",
                "{\"failRate\":1.01}",
                "{\"failRate\":-0.1}",
                "{\"failRate\":true}",
                "{\"holdWebhooks\":\"yes\"}",
                "{\"seed\":99999999999999999999}",
                "{\"delay\":1}"
            })
    void shouldRefuseWhatItDoesNotUnderstand(String json) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Behaviour.read(new JsonObject(json)));

        String field = new JsonObject(json).fieldNames().iterator().next();
        assertTrue(refusal.getMessage().contains(field), refusal.getMessage());
    }
}
