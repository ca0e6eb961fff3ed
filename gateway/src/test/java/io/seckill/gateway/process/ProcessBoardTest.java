package io.seckill.gateway.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.schema.process.Heartbeat;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProcessBoardTest {
    private final AtomicLong clockMs = new AtomicLong();
    private final ProcessBoard board = new ProcessBoard(clockMs::get);

    @Test
    void shouldShowWhoFellSilent() {
        board.hear(heartbeat(Heartbeat.WORKER, "worker-1", "a"));
        board.hear(heartbeat(Heartbeat.GATEWAY, "gateway-1", "b"));
        clockMs.set(3_000);
        board.hear(heartbeat(Heartbeat.GATEWAY, "gateway-1", "b"));

        assertEquals("gateway-1", process(0).getString("instance"));
        assertFalse(process(0).getBoolean("silent"));
        assertEquals(3_000, process(1).getLong("silentMs"));
        assertTrue(process(1).getBoolean("silent"));
    }

    @Test
    void shouldForgetWhoSaysFarewell() {
        Heartbeat worker = heartbeat(Heartbeat.WORKER, "worker-1", "a");
        board.hear(worker);
        board.hear(worker.last());

        assertTrue(board.json().isEmpty());
    }

    @Test
    void shouldTakeANewProcessForASilentOneOfItsName() {
        board.hear(heartbeat(Heartbeat.WORKER, "worker-1", "a"));
        clockMs.set(5_000);
        board.hear(heartbeat(Heartbeat.WORKER, "worker-1", "b"));

        assertEquals(1, board.json().size());
        assertEquals("b", process(0).getString("id"));
    }

    @Test
    void shouldShowTwoThatLiveUnderOneName() {
        board.hear(heartbeat(Heartbeat.WORKER, "worker-1", "a"));
        board.hear(heartbeat(Heartbeat.WORKER, "worker-1", "b"));

        assertEquals(2, board.json().size());
    }

    @Test
    void shouldForgetWhoIsSilentForLong() {
        board.hear(heartbeat(Heartbeat.WORKER, "worker-1", "a"));
        clockMs.set(15 * 60_000 + 1);

        assertTrue(board.json().isEmpty());
    }

    @Test
    void shouldHoldSoManyAndNoMore() {
        for (int i = 0; i < 300; i++) {
            clockMs.incrementAndGet();
            board.hear(heartbeat(Heartbeat.WORKER, "worker-" + i, "id-" + i));
        }

        assertEquals(256, board.json().size());
    }

    private JsonObject process(int index) {
        return board.json().getJsonObject(index);
    }

    private static Heartbeat heartbeat(String role, String instance, String id) {
        return new Heartbeat(role, instance, id, 1_000, true, List.of(), false, Map.of("stored", 1L), List.of());
    }
}
