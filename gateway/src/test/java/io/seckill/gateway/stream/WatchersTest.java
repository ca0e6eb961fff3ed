package io.seckill.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that read, that stop reading, and that leave. */
class WatchersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final StreamLimits limits = new StreamLimits(10, 30_000, registry, "1");
    private long now = 1_000_000;
    private final Watchers watchers = new Watchers(limits, () -> now);

    /** A connection, as far as streams look at it. */
    private static final class Client {
        private final List<String> received = new ArrayList<>();
        private Handler<AsyncResult<Void>> onEnd;
        private boolean full;
        private boolean over;

        private HttpServerResponse response() {
            return (HttpServerResponse) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {HttpServerResponse.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "setChunked", "putHeader" -> proxy;
                        case "write" -> {
                            received.add(((Buffer) arguments[0]).toString());
                            yield Future.succeededFuture();
                        }
                        case "writeQueueFull" -> full;
                        case "closed", "ended" -> over;
                        case "end", "reset" -> {
                            over = true;
                            received.add(method.getName());
                            onEnd.handle(Future.succeededFuture());
                            yield Future.succeededFuture();
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        @SuppressWarnings("unchecked")
        private RoutingContext context() {
            HttpServerResponse response = response();
            return (RoutingContext) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {RoutingContext.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "response" -> response;
                        case "addEndHandler" -> {
                            onEnd = (Handler<AsyncResult<Void>>) arguments[0];
                            yield 1;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }
    }

    @Test
    void shouldGiveAClientWithoutRoomOnlyTheNewestOnceItHasRoom() {
        Client client = join();
        client.full = true;
        for (int i = 1; i <= 5; i++) {
            show("n" + i);
            pass(600);
        }
        assertEquals(1, client.received.size(), "nothing is kept for it");
        client.full = false;
        pass(600);

        assertEquals(2, client.received.size());
        assertTrue(client.received.get(1).contains("n5"), client.received::toString);
    }

    @Test
    void shouldCutAClientThatDoesNotReadAtAll() {
        Client deaf = join();
        Client other = join();
        deaf.full = true;
        show("news");
        for (int i = 0; i < 62 && !deaf.over; i++) {
            pass(500);
        }

        assertEquals("reset", deaf.received.get(deaf.received.size() - 1));
        assertEquals(1, registry.get("seckill.gateway.streams.cut").counter().count());
        assertEquals(
                2, other.received.stream().filter(text -> text.contains("data")).count());
        pass(20_000);
        assertEquals(":\n\n", other.received.get(other.received.size() - 1));
    }

    @Test
    void shouldForgetWhoLeftAndSayWhenItWasTheLast() {
        List<String> empty = new ArrayList<>();
        watchers.show(EventStream.event("sale", "1", Buffer.buffer("first")), true);
        Client one = new Client();
        Client two = new Client();
        watchers.join(one.context(), () -> empty.add("empty"));
        watchers.join(two.context(), () -> empty.add("empty"));
        one.onEnd.handle(Future.succeededFuture());
        assertEquals(List.of(), empty);

        watchers.end();

        assertEquals(List.of("empty"), empty);
        assertEquals("end", two.received.get(1));
        assertEquals(1, one.received.size());
    }

    private Client join() {
        if (now == 1_000_000) {
            show("first");
            now++;
        }
        Client client = new Client();
        watchers.join(client.context(), () -> {});
        assertTrue(client.received.get(0).startsWith("retry: "), client.received::toString);
        return client;
    }

    private void show(String data) {
        watchers.show(EventStream.event("sale", data, Buffer.buffer(data)), true);
    }

    private void pass(long ms) {
        now += ms;
        watchers.tell(1_000);
    }
}
