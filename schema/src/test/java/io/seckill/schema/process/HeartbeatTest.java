package io.seckill.schema.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.process.Heartbeat.Bucket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatTest {
    private static final Heartbeat HEARTBEAT = new Heartbeat(
            Heartbeat.GATEWAY,
            "gateway-1",
            "4f2a",
            12_345,
            false,
            List.of("redis"),
            false,
            Map.of("accepted", 7L, "refused", 5_000_000_000L),
            List.of(new Bucket(0.005, 3), new Bucket(Double.POSITIVE_INFINITY, 7)));

    @Test
    void shouldBeReadAsItWasSent() {
        assertEquals(Optional.of(HEARTBEAT), Heartbeat.read(HEARTBEAT.json().encode()));
    }

    @Test
    void shouldSayThatItIsTheLast() {
        assertTrue(
                Heartbeat.read(HEARTBEAT.last().json().encode()).orElseThrow().leaving());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "friday",
                "[]",
                "{}",
                "{\"role\":7}",
                "{\"role\":\"worker\",\"instance\":null}",
                "{\"role\":\"worker\",\"instance\":\"w\",\"id\":\"1\",\"uptimeMs\":1,\"ready\":true,\"missing\":[{}],"
                        + "\"leaving\":false,\"counts\":{},\"latency\":[]}"
            })
    void shouldRefuseWhatIsNone(String message) {
        assertEquals(Optional.empty(), Heartbeat.read(message));
    }

    @Test
    void shouldRefuseWhatIsTooLong() {
        assertEquals(Optional.empty(), Heartbeat.read(HEARTBEAT.json().encode() + " ".repeat(9_000)));
    }
}
