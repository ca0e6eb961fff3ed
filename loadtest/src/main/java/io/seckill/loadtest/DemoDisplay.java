package io.seckill.loadtest;

import java.util.Locale;

/**
 * The line that moves while a demo runs: redrawn in place on a terminal, a line every second elsewhere. Fed by the rush's
 * thread and drawn by another one, so that a slow terminal does not slow the rush.
 */
final class DemoDisplay {

    private static final int BAR = 20;

    private final Terminal terminal;
    private final int units;
    private volatile Progress progress = new Progress(0, 0, 0, 0, 0, 0, 0, 0);
    private volatile long remaining;
    private volatile long stored;
    private Progress drawn = progress;

    DemoDisplay(Terminal terminal, int units) {
        this.terminal = terminal;
        this.units = units;
        this.remaining = units;
    }

    /** Milliseconds between two calls of {@link #draw()}. */
    int periodMs() {
        return terminal.isWatched() ? 150 : 1_000;
    }

    void progress(Progress latest) {
        progress = latest;
    }

    void remaining(long units) {
        remaining = units;
    }

    void stored(long orders) {
        stored = orders;
    }

    void draw() {
        Progress now = progress;
        String line = line(now, rate(now));
        drawn = now;
        terminal.draw(line);
    }

    /** Leaves the last line standing. */
    void end() {
        draw();
        terminal.end();
    }

    private long rate(Progress now) {
        long millis = now.elapsedMs() - drawn.elapsedMs();
        return millis <= 0 ? 0 : (now.answered() - drawn.answered()) * 1_000 / millis;
    }

    private String line(Progress now, long rate) {
        int full = (int) Math.min(BAR, Math.max(0, remaining * BAR / units));
        return String.format(
                Locale.ROOT,
                "  %5.1f s  stock [%s%s] %,d left | accepted %,d | refused %,d | in MySQL %,d | %,d replies/s",
                now.elapsedMs() / 1000.0,
                "#".repeat(full),
                ".".repeat(BAR - full),
                remaining,
                now.accepted(),
                now.refused(),
                stored,
                rate);
    }
}
