package io.seckill.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Plays a plan of visits, in an open model: who comes when is fixed before, and no answer changes it. What it needs comes by
 * system properties: {@code seckill.scenario}, {@code seckill.gateways} (base URLs, apart by blanks), {@code seckill.visits},
 * {@code seckill.warmUp} and {@code seckill.answers} (files), {@code seckill.attempts}. Walk on with {@link Shoppers}.
 */
public final class SaleSimulation extends Simulation {
    private static final int MOST_STEPS = 200;
    private static final long SHORTEST_STEP_MICROS = TimeUnit.MILLISECONDS.toMicros(100);
    private static final Duration SPARE = Duration.ofMillis(700);
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration REST = Duration.ofMillis(1_500);

    private final Answers answers;

    public SaleSimulation() {
        try {
            List<Visit> warmUp = Visit.read(Path.of(property("warmUp")));
            List<Visit> visits = Visit.read(Path.of(property("visits")));
            answers = new Answers(Path.of(property("answers")));
            long step = stepMicros(visits);
            Clock clock = new Clock(SPARE.plusNanos(TimeUnit.MICROSECONDS.toNanos(step)), answers);
            Shoppers shoppers = new Shoppers(
                    clock, answers, List.of(property("gateways").split(" ")), Integer.parseInt(property("attempts")));
            // Side by side and not one after the other: what the first ones still wait for must not delay the clock.
            PopulationBuilder early = scenario("warm-up")
                    .exec(shoppers.warmUp(warmUp))
                    .injectOpen(rampUsers(warmUp.size()).during(WARM_UP));
            PopulationBuilder everybody = scenario(property("scenario"))
                    .exec(shoppers.visitors(visits))
                    .injectOpen(afterwards(steps(visits, step)));
            setUp(early, everybody).protocols(protocol());
            answers.flushNowAndThen(clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpProtocolBuilder protocol() {
        // Visitors share connections, as they would those of a proxy before the gateways.
        return http.shareConnections()
                .disableWarmUp()
                .disableCaching()
                .disableAutoReferer()
                .disableAutoOrigin()
                .disableFollowRedirect();
    }

    private static String property(String name) {
        String value = System.getProperty("seckill." + name);
        if (value == null) {
            throw new IllegalArgumentException("the property seckill." + name + " is not set");
        }
        return value;
    }

    static long stepMicros(List<Visit> visits) {
        return Math.max(SHORTEST_STEP_MICROS, visits.get(visits.size() - 1).offsetMicros() / MOST_STEPS + 1);
    }

    private static List<OpenInjectionStep> afterwards(List<OpenInjectionStep> steps) {
        List<OpenInjectionStep> all = new ArrayList<>(List.of(nothingFor(WARM_UP.plus(REST))));
        all.addAll(steps);
        return all;
    }

    /** As many visitors in each step as the plan has there; each then waits for its very moment. */
    static List<OpenInjectionStep> steps(List<Visit> visits, long stepMicros) {
        Duration step = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(stepMicros));
        List<OpenInjectionStep> steps = new ArrayList<>();
        int next = 0;
        for (long end = stepMicros; next < visits.size(); end += stepMicros) {
            int first = next;
            while (next < visits.size() && visits.get(next).offsetMicros() < end) {
                next++;
            }
            if (next > first) {
                // Not ramped: a ramp shorter than a second injects nobody in Gatling 3.15.
                steps.add(atOnceUsers(next - first));
            }
            steps.add(nothingFor(step));
        }
        return steps;
    }

    @Override
    public void after() {
        answers.close();
    }
}
