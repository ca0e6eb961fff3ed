package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads what processes count of themselves from their {@code /metrics}, in Prometheus' text form. */
final class Meters {

    private static final long TIMEOUT_MS = 10_000;

    private final Loop loop;
    private final HttpClient client;
    private final List<String> processes;

    /** @param processes base URLs of management listeners */
    Meters(Vertx vertx, List<String> processes) {
        this.loop = new Loop(vertx);
        this.client = vertx.createHttpClient();
        this.processes = List.copyOf(processes);
    }

    /** The sum of a meter over all processes and labels; fails if one of the processes cannot be asked. */
    Future<Double> sum(String name) {
        List<Future<Double>> all =
                processes.stream().map(process -> read(process, name)).toList();
        return Future.all(all)
                .map(done -> all.stream().mapToDouble(Future::result).sum());
    }

    private Future<Double> read(String process, String name) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(process + "/metrics")
                .setTimeout(TIMEOUT_MS);
        return loop.run(() -> client.request(options)
                        .compose(request -> request.send())
                        .compose(response -> response.body()))
                .map(body -> sum(body.toString(StandardCharsets.UTF_8), name));
    }

    /** Zero if the meter is not there: some show up only after their first event. */
    static double sum(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
