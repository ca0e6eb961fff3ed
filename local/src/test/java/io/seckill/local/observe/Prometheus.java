package io.seckill.local.observe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Asks a Prometheus, and any process for its metrics. */
public final class Prometheus {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    // As Prometheus itself asks.
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String address;

    /** @param address as in http://host:port */
    public Prometheus(String address) {
        this.address = address;
    }

    /** An alert as Prometheus understood it. */
    public record Rule(String name, String query, JsonObject labels, JsonObject annotations, String health) {}

    /** Labels and health of each process that it scrapes. */
    public List<JsonObject> targets() {
        return objects(api("/api/v1/targets?state=active").getJsonArray("activeTargets"));
    }

    public List<Rule> rules() {
        return objects(api("/api/v1/rules").getJsonArray("groups")).stream()
                .flatMap(group -> objects(group.getJsonArray("rules")).stream())
                .map(rule -> new Rule(
                        rule.getString("name"),
                        rule.getString("query"),
                        rule.getJsonObject("labels"),
                        rule.getJsonObject("annotations"),
                        rule.getString("health")))
                .toList();
    }

    /** The error it has with an expression, or an empty text. */
    public String error(String expression) {
        String path = "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
        return new JsonObject(get(address + path).body()).getString("error", "");
    }

    /** What a process shows at {@code /metrics}. */
    public String page(String process) {
        return get(process + "/metrics").body();
    }

    private JsonObject api(String path) {
        return new JsonObject(get(address + path).body()).getJsonObject("data");
    }

    private static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    private HttpResponse<String> get(String url) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(url, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
