package io.seckill.loadtest.scenario;

import io.seckill.loadtest.AuditReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The result of a small rush, as good or as bad as a test needs it. */
final class ResultFixture {
    static final Path OUT = Path.of("/reports/one");
    private static final long START = 1_000_000;

    private final Schedule early = new Schedule(List.of(), List.of(1));
    private final Schedule schedule = Schedule.of(Scenario.RUSH, new Size(100, 1_000, 10, 0), 7);
    private final Counting counting = new Counting(schedule, early);

    /** Everybody is answered in 2 ms; the generator was so late. */
    ResultFixture lateBy(long micros) {
        for (int visit = 0; visit < schedule.visits().size(); visit++) {
            boolean sold = visit < 10;
            counting.answered(new Answer(
                    Answer.Request.BUY,
                    visit,
                    schedule.visits().get(visit).offsetMicros(),
                    micros,
                    micros + 2_000,
                    sold ? 202 : 409,
                    false,
                    sold ? "{\"id\":\"o" + visit + "\"}" : "{\"code\":\"<sold&out>\"}"));
        }
        return this;
    }

    /** One more answer. */
    ResultFixture answered(Answer answer) {
        counting.answered(answer);
        return this;
    }

    ScenarioResult with(AuditReport... audits) {
        return stored(10, audits);
    }

    ScenarioResult stored(long stored, AuditReport... audits) {
        return new ScenarioResult(
                Scenario.RUSH,
                new Size(100, 1_000, 10, 0),
                schedule,
                counting.timeline(),
                List.of(
                        new Gauges.Look(START, 10, 0, Gauges.NONE),
                        new Gauges.Look(START + 300, 2, 6, 1),
                        new Gauges.Look(START + 900, 0, stored, 0)),
                counting.lateness().judged(),
                100,
                counting.told().accepted(),
                stored,
                12,
                counting.told().unknown(),
                START,
                "",
                Optional.empty(),
                List.of(audits),
                OUT.resolve("rush/report/index.html"));
    }
}
