package io.seckill.loadtest.scenario;

import io.seckill.loadtest.Terminal;
import java.io.PrintStream;
import java.util.Locale;

/** The live line of a scenario, once a second. */
final class Live {
    private static final long PERIOD_MS = 1_000;

    private final Terminal terminal;
    private long drawnAt;
    private long sentBefore;
    private long dueBefore;

    Live(PrintStream out) {
        this.terminal = new Terminal(out);
    }

    /**
     * Draws if it is time.
     *
     * @param due who were to come by now
     * @param sent requests by now
     */
    void draw(long now, long elapsedMs, long due, long sent, Counting counting, Gauges.Look look) {
        if (now - drawnAt < PERIOD_MS) {
            return;
        }
        double seconds = (now - drawnAt) / 1e3;
        boolean first = drawnAt == 0;
        drawnAt = now;
        String line = String.format(
                Locale.ROOT,
                "  %5.1f s  visits due %,d/s, requests sent %,d/s | accepted %,d | refused %,d | unknown %,d | stored %,d | left %,d"
                        + " | queue %s | p99 %,.0f ms",
                elapsedMs / 1e3,
                first ? 0 : Math.round((due - dueBefore) / seconds),
                first ? 0 : Math.round((sent - sentBefore) / seconds),
                counting.timeline().count(Answer.Outcome.ACCEPTED),
                counting.timeline().count(Answer.Outcome.REFUSED),
                counting.timeline().count(Answer.Outcome.UNKNOWN),
                look.stored(),
                look.remaining(),
                look.queued() == Gauges.NONE ? "?" : Long.toString(look.queued()),
                counting.timeline().recentP99());
        dueBefore = due;
        sentBefore = sent;
        terminal.draw(line);
    }

    void end() {
        terminal.end();
    }
}
