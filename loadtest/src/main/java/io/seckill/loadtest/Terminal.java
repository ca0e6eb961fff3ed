package io.seckill.loadtest;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

/** One line of live figures: redrawn in place where somebody watches, a line each time elsewhere. Used by one thread. */
public final class Terminal {
    private static final int FEATURE_CONSOLE_ALWAYS = 22;

    private final PrintStream out;
    private final boolean watched;
    private int width;

    /** @param out redrawn only if it is the process's own output, and that a terminal */
    public Terminal(PrintStream out) {
        this(out, out == System.out && onTerminal());
    }

    Terminal(PrintStream out, boolean watched) {
        this.out = out;
        this.watched = watched;
    }

    /** Whether somebody watches this process's output on a terminal. */
    @SuppressWarnings("SystemConsoleNull") // Null is the answer up to 21 only; later ones are asked below.
    private static boolean onTerminal() {
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

    public boolean isWatched() {
        return watched;
    }

    public void draw(String line) {
        if (watched) {
            // Blanks over the rest of a longer line before it.
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            out.flush();
            width = line.length();
        } else {
            out.println(line);
        }
    }

    /** Leaves the last line standing. */
    public void end() {
        if (watched && width > 0) {
            out.println();
            width = 0;
        }
    }
}
