package io.seckill.loadtest.scenario;

import java.util.BitSet;

/** Takes in the answers of one scenario as they are read; not thread-safe. */
final class Counting implements AnswerFile.Reader {
    private final Schedule schedule;
    private final Timeline timeline;
    private final Told told;
    private final Told toldEarly;
    private final Lateness lateness = new Lateness();
    private final BitSet came = new BitSet();
    private long start;
    private long sent;

    Counting(Schedule schedule, Schedule early) {
        this.schedule = schedule;
        this.timeline = new Timeline(schedule.lastMicros() / 1_000);
        this.told = new Told(schedule.visits());
        this.toldEarly = new Told(early.visits());
    }

    @Override
    public void started(long epochMillis) {
        start = epochMillis;
    }

    @Override
    public void sent(long elapsedMicros, long requests) {
        sent = requests;
    }

    @Override
    public void answered(Answer answer) {
        if (answer.request() == Answer.Request.WARM) {
            toldEarly.add(answer);
            return;
        }
        came.set(answer.visit());
        timeline.add(answer);
        lateness.add(answer.late());
        if (answer.isPurchase()) {
            told.add(answer);
        }
    }

    /** Milliseconds since 1970; 0 before the start is known. */
    long start() {
        return start;
    }

    /** Of the warm-up, too. */
    long sent() {
        return sent;
    }

    Timeline timeline() {
        return timeline;
    }

    Told told() {
        return told;
    }

    Told toldEarly() {
        return toldEarly;
    }

    /** When all is over: who did not come at all came late. */
    Lateness lateness() {
        lateness.never(schedule.visits().size() - came.cardinality());
        return lateness;
    }
}
