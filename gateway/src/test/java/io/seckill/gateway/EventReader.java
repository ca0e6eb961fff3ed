package io.seckill.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client of an event stream: what it heard so far. Safe on any thread. */
final class EventReader implements AutoCloseable {
    record Event(String name, String id, JsonObject data, long atNanos) {}

    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<String> comments = new CopyOnWriteArrayList<>();
    volatile boolean ended;
    volatile Throwable failed;

    private final HttpClient client;
    private final HttpClientResponse response;
    private final StringBuilder text = new StringBuilder();

    EventReader(GatewayFixture shop, int gateway, String path, Map<String, String> headers) throws Exception {
        client = shop.vertx().createHttpClient();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(shop.gateway(gateway).port())
                .setURI(path);
        headers.forEach(options::putHeader);
        response = Await.result(
                client.request(options).compose(request -> request.send().map(answer -> {
                    answer.handler(this::read);
                    answer.endHandler(v -> ended = true);
                    answer.exceptionHandler(e -> failed = e);
                    return answer;
                })));
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.getHeader(name);
    }

    /** What was heard last; an empty object before anything was, so that a test can await what it says. */
    JsonObject last() {
        return events.isEmpty()
                ? new JsonObject()
                : events.get(events.size() - 1).data();
    }

    List<String> states() {
        List<String> states = new ArrayList<>();
        events.forEach(event -> states.add(event.data().getString("state")));
        return states;
    }

    private void read(Buffer chunk) {
        text.append(chunk);
        for (int end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
            take(text.substring(0, end));
            text.delete(0, end + 2);
        }
    }

    private void take(String block) {
        String name = null;
        String id = null;
        String data = null;
        for (String line : block.split("\n")) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else {
                comments.add(line);
            }
        }
        if (data != null) {
            events.add(new Event(name, id, new JsonObject(data), System.nanoTime()));
        }
    }

    @Override
    public void close() throws Exception {
        Await.result(client.close());
    }
}
