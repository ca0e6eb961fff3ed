package io.seckill.loadtest.scenario;

import io.seckill.loadtest.Blocking;
import io.seckill.loadtest.Loop;
import io.seckill.loadtest.StackApi;
import io.seckill.loadtest.StoredOrders;
import io.seckill.schema.amqp.AmqpLink;
import io.seckill.schema.config.ServerAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code seckill loadtest} against a stack that is up: one scenario after the other, an audit of every sale, a verdict and a
 * report. Only the wiring; walk on with {@link Schedule}, {@link ScenarioRun} and {@link HtmlReport}.
 */
public final class LoadTest {
    private static final int AMQP_TIMEOUT_MS = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A scenario and its size. */
    public record Part(Scenario scenario, Size size) {}

    /**
     * What is played.
     *
     * @param seed of all that chance decides
     * @param command that does the same again
     * @param machine what figures were measured on, in a line
     */
    public record Plan(List<Part> parts, long seed, String command, String machine) {
        public Plan {
            parts = List.copyOf(parts);
        }

        /** Users that the largest part needs. */
        public int users() {
            return parts.stream().mapToInt(part -> part.size().users()).max().orElse(0);
        }
    }

    private LoadTest() {}

    /**
     * Plays all of it and blocks until the report is written.
     *
     * @return what the command's exit code tells
     * @throws IOException if it could not be played to its end
     */
    public static Verdict run(Site site, Plan plan, PrintStream out) throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            return play(vertx, site, plan, out);
        } catch (Blocking.FailedException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            vertx.close();
        }
    }

    private static Verdict play(Vertx vertx, Site site, Plan plan, PrintStream out)
            throws IOException, InterruptedException, Blocking.FailedException {
        Files.createDirectories(site.out());
        StackApi api = new StackApi(vertx, site.address(), site.operator());
        AmqpLink amqp =
                site.amqpUri().isEmpty() ? null : amqp(vertx, site.amqpUri().get());
        ScenarioRun run = new ScenarioRun(vertx, site, api, new StoredOrders(vertx, site.address()), amqp, out);
        try {
            return play(run, site, plan, out);
        } finally {
            if (amqp != null) {
                Blocking.await(amqp.close(), PATIENCE);
            }
        }
    }

    private static Verdict play(ScenarioRun run, Site site, Plan plan, PrintStream out)
            throws IOException, InterruptedException, Blocking.FailedException {
        List<ScenarioResult> results = new ArrayList<>();
        for (Part part : plan.parts()) {
            Size size = part.size();
            out.println(String.format(
                    Locale.ROOT,
                    "%s: %s. %,d users in %.1f s, %,d units.",
                    part.scenario().title(),
                    part.scenario().description(),
                    size.users(),
                    size.millis() / 1e3,
                    size.stock()));
            ScenarioResult result = run.play(part.scenario(), size, plan.seed());
            results.add(result);
            out.println(Summary.line(result));
        }
        Verdict verdict = Verdict.of(results);
        Path report = site.out().resolve("index.html");
        Files.writeString(report, new HtmlReport(plan, results, site.out()).render());
        out.println();
        out.println(verdict.text());
        out.println("Report: " + report);
        return verdict;
    }

    private static AmqpLink amqp(Vertx vertx, String uri) throws Blocking.FailedException, InterruptedException {
        return Blocking.await(
                new Loop(vertx)
                        .run(() -> Future.succeededFuture(new AmqpLink(
                                        vertx,
                                        ServerAddress.plain(uri),
                                        "loadtest",
                                        AMQP_TIMEOUT_MS,
                                        opened -> Future.succeededFuture())
                                .open())),
                PATIENCE);
    }
}
