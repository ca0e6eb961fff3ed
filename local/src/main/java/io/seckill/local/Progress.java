package io.seckill.local;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Lines for the person who waits: what happened, and how long after the command began. */
public final class Progress {
    private final PrintStream out;
    private final long startedAt = System.nanoTime();

    public Progress(PrintStream out) {
        this.out = out;
    }

    /** For a part of something that tells of itself. */
    static Progress silent() {
        return new Progress(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    public void step(String text) {
        line(String.format(Locale.ROOT, "[%5.1f s] %s", (System.nanoTime() - startedAt) / 1e9, text));
    }

    public void line(String text) {
        synchronized (out) {
            out.println(text);
            out.flush();
        }
    }
}
