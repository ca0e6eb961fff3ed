package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortPlanTest {
    private static final List<String> ALL =
            List.of("redis", "rabbitmq", "mysql", "gateway-1", "gateway-2", "worker-1", "worker-2", "payments");

    private static PortPlan plan(Map<Listener, Integer> moved, Map<String, Integer> recorded, String... live) {
        return PortPlan.of(moved, recorded, List.of(live)::contains, ALL);
    }

    @Test
    void shouldCountUpFromThePresets() {
        PortPlan plan = plan(Map.of(), Map.of());

        assertEquals(16379, plan.port(Listener.REDIS, "redis"));
        assertEquals(15673, plan.port(Listener.AMQP, "rabbitmq"));
        assertEquals(13306, plan.port(Listener.MYSQL, "mysql"));
        assertEquals(8080, plan.port(Listener.HTTP, "gateway-1"));
        assertEquals(8081, plan.port(Listener.HTTP, "gateway-2"));
        assertEquals(9081, plan.port(Listener.MANAGEMENT, "gateway-2"));
        assertEquals(9181, plan.port(Listener.WORKER_MANAGEMENT, "worker-2"));
        assertEquals(9280, plan.port(Listener.PAYMENTS, "payments"));
    }

    @Test
    void shouldMoveWhatAVariableMoves() {
        PortPlan plan = plan(Map.of(Listener.HTTP, 7000), Map.of());

        assertEquals(7001, plan.port(Listener.HTTP, "gateway-2"));
        assertEquals(9080, plan.port(Listener.MANAGEMENT, "gateway-1"));
    }

    @Test
    void shouldStartALostProcessWhereItWas() {
        PortPlan plan = plan(Map.of(), Map.of("gateway-2.http", 7777), "redis");

        assertEquals(7777, plan.port(Listener.HTTP, "gateway-2"));
    }

    @Test
    void shouldMoveALostProcessButNotALiveOne() {
        PortPlan plan =
                plan(Map.of(Listener.HTTP, 7000), Map.of("gateway-1.http", 8080, "gateway-2.http", 8081), "gateway-1");

        assertEquals(8080, plan.port(Listener.HTTP, "gateway-1"));
        assertEquals(7001, plan.port(Listener.HTTP, "gateway-2"));
    }

    @Test
    void shouldRefuseOnePortForTwo() {
        LaunchFailure failure =
                assertThrows(LaunchFailure.class, () -> plan(Map.of(Listener.MANAGEMENT, 8081), Map.of()));

        assertTrue(failure.getMessage().contains("8081"), failure.getMessage());
        assertTrue(failure.getMessage().contains("SECKILL_"), failure.getMessage());
    }

    @Test
    void shouldRefuseAPortAboveTheHighest() {
        LaunchFailure failure = assertThrows(LaunchFailure.class, () -> plan(Map.of(Listener.HTTP, 65535), Map.of()));

        assertTrue(failure.getMessage().contains("gateway-2 would need port 65536"), failure.getMessage());
    }

    @Test
    void shouldNameEachTakenPortWhoWantsItAndTheVariable() {
        PortPlan plan = plan(Map.of(), Map.of());

        LaunchFailure failure = assertThrows(
                LaunchFailure.class,
                () -> plan.requireFree(List.of("redis", "gateway-2"), port -> port != 16379 && port != 8081));

        assertEquals(
                "port 16379 is taken by another process; redis wants it for port: set SECKILL_REDIS_PORT to move it\n"
                        + "port 8081 is taken by another process; gateway-2 wants it for http: set SECKILL_HTTP_PORT to move it",
                failure.getMessage());
    }

    @Test
    void shouldNotAskForThePortsOfWhatRuns() {
        plan(Map.of(), Map.of()).requireFree(List.of("worker-1"), port -> port == 9180);
    }
}
