package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.local.OtlpReceiver.Received;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Traces from the request to the row, as a collector gets them: of a gateway that traces each purchase, of one that draws
 * none itself, and of one that traces nothing at all.
 */
class TracesIT {
    private static final int ALL = 0;
    private static final int ASKED = 1;
    private static final int OFF = 2;
    // As in PurchaseTraces, for one event loop.
    private static final int MAX_ASKED_PER_SECOND = 10;

    @TempDir
    private static Path folder;

    private static OtlpReceiver collector;
    private static LocalStack stack;
    private static StackUser user;

    @BeforeAll
    static void up() {
        collector = new OtlpReceiver();
        Map<String, String> on = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
        Map<String, Map<String, String>> variables = Map.of(
                "gateway-1", with(on, "1"),
                "gateway-2", with(on, "0"),
                "worker-1", on);
        Home home = new Home(folder.resolve("home"));
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home.path(), System.getenv());
        stack = new LocalStack(
                settings,
                new Progress(System.out),
                Surroundings.variables(service -> variables.getOrDefault(service, Map.of())));
        stack.up(3, 1);
        user = new StackUser(stack);
    }

    private static Map<String, String> with(Map<String, String> variables, String ratio) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("OTEL_TRACES_SAMPLER_ARG", ratio);
        return all;
    }

    @AfterAll
    static void down() {
        if (user != null) {
            user.close();
        }
        stack.down();
        collector.close();
    }

    @Test
    void shouldFollowAPurchaseFromItsRequestToItsRow() {
        String saleId = user.openSale(10);
        String orderId = user.buy(ALL, saleId, "alice", Map.of()).json().getString("id");

        String traceId = awaitRoot(orderId).traceId();
        awaitStored(traceId);
        List<Received> trace = collector.trace(traceId);
        Received root = only(trace, "POST /api/v1/sales/{saleId}/orders");
        Received reserve = only(trace, "reserve");
        Received publish = only(trace, "publish");
        Received store = only(trace, "store");
        Received transaction = only(trace, "transaction");
        Received insert = only(trace, "INSERT orders");
        assertEquals(6, trace.size(), trace::toString);
        assertEquals(
                List.of(root.id(), root.id(), publish.id(), store.id(), transaction.id()),
                List.of(
                        reserve.parentId(),
                        publish.parentId(),
                        store.parentId(),
                        transaction.parentId(),
                        insert.parentId()));
        assertEquals("", root.parentId());
        assertEquals(Set.of(orderId), orderIds(root, publish, store));
        for (Received one : List.of(root, reserve, publish)) {
            assertEquals("seckill-gateway", one.service());
            assertEquals("gateway-1", one.attributes().get("service.instance.id"));
        }
        for (Received one : List.of(store, transaction, insert)) {
            assertEquals("seckill-worker", one.service());
        }
        assertEquals("accepted", root.attributes().get("seckill.outcome"));
        assertEquals("202", root.attributes().get("http.response.status_code"));
        assertEquals(saleId, root.attributes().get("seckill.sale.id"));
        assertTrue(root.beganNanos() <= reserve.beganNanos() && reserve.endedNanos() <= root.endedNanos());
        assertTrue(reserve.endedNanos() <= publish.beganNanos() && publish.endedNanos() <= root.endedNanos());
        assertTrue(insert.endedNanos() <= transaction.endedNanos() && transaction.endedNanos() <= store.endedNanos());
    }

    @Test
    void shouldSendNothingWhereNothingIsTraced() {
        String saleId = user.openSale(10);
        String untraced = user.buy(OFF, saleId, "ann", sampled("1")).json().getString("id");
        String unasked = user.buy(ASKED, saleId, "bob", Map.of()).json().getString("id");
        user.awaitStored(saleId);
        String last = user.buy(ALL, saleId, "cid", Map.of()).json().getString("id");
        awaitStored(awaitRoot(last).traceId());

        for (Received span : collector.spans()) {
            assertNotEquals("gateway-3", span.attributes().get("service.instance.id"));
            assertNotEquals(untraced, span.orderId());
            assertNotEquals(unasked, span.orderId());
        }
    }

    @Test
    void shouldGoOnWithATraceThatARequestAsksFor() {
        String saleId = user.openSale(10);
        Map<String, String> headers = sampled("abc");
        String orderId = user.buy(ASKED, saleId, "dan", headers).json().getString("id");

        Received root = awaitRoot(orderId);
        assertEquals(traceId("abc"), root.traceId());
        assertEquals("00f067aa0ba902b7", root.parentId());
        awaitStored(root.traceId());
    }

    @Test
    void shouldBeAskedForSoManyTracesASecondAtMost() {
        String saleId = user.openSale(1_000);
        long began = System.nanoTime();
        List<String> orderIds = new ArrayList<>();
        for (int i = 0; i < 20 * MAX_ASKED_PER_SECOND; i++) {
            orderIds.add(user.buy(ASKED, saleId, "asks-" + i, sampled("f" + i))
                    .json()
                    .getString("id"));
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) + 2;
        String last = user.buy(ALL, saleId, "eve", Map.of()).json().getString("id");
        awaitStored(awaitRoot(last).traceId());

        long traced = collector.spans().stream()
                .filter(span -> span.name().startsWith("POST") && orderIds.contains(span.orderId()))
                .count();
        assertTrue(traced > 0 && traced <= seconds * MAX_ASKED_PER_SECOND, () -> traced + " in " + seconds + " s");
        assertTrue(traced < orderIds.size(), () -> "all of them in " + seconds + " s");
    }

    private static String traceId(String suffix) {
        return "0af7651916cd43dd8448eb211c800000".substring(suffix.length()) + suffix;
    }

    private static Map<String, String> sampled(String suffix) {
        return Map.of("traceparent", "00-" + traceId(suffix) + "-00f067aa0ba902b7-01");
    }

    private static Received awaitRoot(String orderId) {
        user.await("the request's span of " + orderId, () -> root(orderId) != null);
        return root(orderId);
    }

    private static Received root(String orderId) {
        return collector.spans().stream()
                .filter(span -> span.name().startsWith("POST") && orderId.equals(span.orderId()))
                .findFirst()
                .orElse(null);
    }

    private static void awaitStored(String traceId) {
        user.await("the worker's spans of " + traceId, () -> collector.trace(traceId).stream()
                .anyMatch(span -> span.name().equals("store")));
    }

    private static Received only(List<Received> trace, String name) {
        List<Received> named =
                trace.stream().filter(span -> span.name().equals(name)).toList();
        assertEquals(1, named.size(), () -> name + " in " + trace);
        return named.get(0);
    }

    private static Set<String> orderIds(Received... spans) {
        Set<String> ids = new TreeSet<>();
        for (Received span : spans) {
            ids.add(span.orderId());
        }
        return ids;
    }
}
