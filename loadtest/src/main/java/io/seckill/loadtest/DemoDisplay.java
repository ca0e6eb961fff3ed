package io.seckill.loadtest;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;

/**
 * The line that moves while a demo runs: redrawn in place on a terminal, a line every second elsewhere. Fed by the rush's
 * thread and drawn by another one, so that a slow terminal does not slow the rush.
 */
final class DemoDisplay {

    private static final int BAR = 20;
    private static final int FEATURE_CONSOLE_ALWAYS = 22;

    private final PrintStream out;
    private final boolean terminal;
    private final int units;
    private volatile Progress progress = new Progress(0, 0, 0, 0, 0, 0, 0, 0);
    private volatile long remaining;
    private volatile long stored;
    private Progress drawn = progress;
    private int width;

    DemoDisplay(PrintStream out, boolean terminal, int units) {
        this.out = out;
        this.terminal = terminal;
        this.units = units;
        this.remaining = units;
    }

    /** Whether somebody watches this process's output on a terminal. */
    @SuppressWarnings("SystemConsoleNull") // Null is the answer up to 21 only; later ones are asked below.
    static boolean onTerminal() {
        if (System.console() == null) {
            return false;
        }
        if (Runtime.version().feature() < FEATURE_CONSOLE_ALWAYS) {
            return true;
        }
        // From 22 on there is a console even for a pipe, and a method that tells them apart.
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    /** Milliseconds between two calls of {@link #draw()}. */
    int periodMs() {
        return terminal ? 150 : 1_000;
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
        if (terminal) {
            // Blanks over the rest of a longer line before it.
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            out.flush();
            width = line.length();
        } else {
            out.println(line);
        }
    }

    /** Leaves the last line standing. */
    void end() {
        draw();
        if (terminal) {
            out.println();
        }
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
