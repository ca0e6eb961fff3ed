package io.seckill.loadtest.scenario;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A scenario's answers and what was looked at meanwhile, on one axis of time: what the report's charts show. Rates are a second;
 * the last point is where everything accepted was stored.
 */
final class Curves {
    private final Timeline timeline;
    private final List<Gauges.Look> looks;
    private final long start;
    private final long stepMs;
    private final int length;

    Curves(ScenarioResult result) {
        timeline = result.timeline();
        looks = result.looks();
        start = result.start();
        stepMs = timeline.stepMs();
        long settled = looks.stream()
                .filter(look -> look.stored() >= result.accepted())
                .findFirst()
                .map(look -> (look.epochMillis() - start) / stepMs + 2)
                .orElse(0L);
        length = (int) Math.max(timeline.length(), settled);
    }

    JsonObject json() {
        // The first point is the start, of which there is no rate yet.
        JsonArray seconds = new JsonArray().add(0.0);
        JsonArray stored = new JsonArray().addNull();
        JsonArray left = new JsonArray().add(seen(0, Gauges.Look::remaining));
        JsonArray waiting = new JsonArray().add(0);
        JsonArray queued = new JsonArray().addNull();
        List<Integer> accepted = timeline.counts(Answer.Outcome.ACCEPTED);
        long promised = 0;
        for (int step = 0; step < length; step++) {
            long end = (step + 1) * stepMs;
            promised += step < accepted.size() ? accepted.get(step) : 0;
            double now = stored(end);
            seconds.add(end / 1_000.0);
            stored.add(perSecond(now - stored(end - stepMs)));
            left.add(seen(end, Gauges.Look::remaining));
            // An order may be seen in MySQL before its buyer has the answer.
            waiting.add(Math.max(0, Math.round(promised - now)));
            long messages = seen(end, Gauges.Look::queued);
            queued.add(messages < 0 ? null : messages);
        }
        return new JsonObject()
                .put("seconds", seconds)
                .put("accepted", rates(Answer.Outcome.ACCEPTED))
                .put("replayed", rates(Answer.Outcome.REPLAYED))
                .put("refused", rates(Answer.Outcome.REFUSED))
                .put("unknown", rates(Answer.Outcome.UNKNOWN))
                .put("shown", rates(Answer.Outcome.SHOWN))
                .put("errors", rates(Answer.Outcome.ERROR))
                .put("stored", stored)
                .put("left", left)
                .put("waiting", waiting)
                .put("queued", queued)
                .put("acceptedP50", percentile(Answer.Outcome.ACCEPTED, 50))
                .put("acceptedP99", percentile(Answer.Outcome.ACCEPTED, 99))
                .put("refusedP50", percentile(Answer.Outcome.REFUSED, 50))
                .put("refusedP99", percentile(Answer.Outcome.REFUSED, 99))
                .put("shownP99", percentile(Answer.Outcome.SHOWN, 99));
    }

    private double perSecond(double count) {
        return Math.round(count * 1_000 / stepMs);
    }

    private JsonArray rates(Answer.Outcome outcome) {
        JsonArray rates = new JsonArray().addNull();
        timeline.counts(outcome).forEach(count -> rates.add(perSecond(count)));
        return timeline.count(outcome) == 0 ? new JsonArray() : rates;
    }

    private JsonArray percentile(Answer.Outcome outcome, double percentile) {
        JsonArray values = new JsonArray().addNull();
        timeline.percentile(outcome, percentile)
                .forEach(value -> values.add(value == null ? null : Math.round(value * 10) / 10.0));
        return timeline.count(outcome) == 0 ? new JsonArray() : values;
    }

    /** As it was seen last; before the first look as the first look saw it. */
    private long seen(long millis, ToLongFunction<Gauges.Look> value) {
        Gauges.Look last = null;
        for (Gauges.Look look : looks) {
            if (last == null || look.epochMillis() - start <= millis) {
                last = look;
            }
        }
        return last == null ? 0 : value.applyAsLong(last);
    }

    /** Orders in MySQL; between two looks as if they had come evenly, since a rate is made of it. */
    private double stored(long millis) {
        Gauges.Look before = null;
        for (Gauges.Look look : looks) {
            long when = look.epochMillis() - start;
            if (when > millis && before != null) {
                double share = (millis - (before.epochMillis() - start))
                        / (double) (look.epochMillis() - before.epochMillis());
                return before.stored() + share * (look.stored() - before.stored());
            }
            if (when > millis) {
                return look.stored();
            }
            before = look;
        }
        return before == null ? 0 : before.stored();
    }
}
