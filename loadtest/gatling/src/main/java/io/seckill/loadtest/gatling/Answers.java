package io.seckill.loadtest.gatling;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes down what was answered, a line each, while others read the file from its end. Fields are apart by tabs, times in
 * microseconds since the start:
 *
 * <pre>
 * start    epochMillis
 * sent     elapsed  requests
 * warm     visit  intended  late  latency  status  replayed  body
 * look     …
 * buy      …
 * order    …
 * </pre>
 *
 * A status of 0 is a request without an answer. Safe for use by several threads.
 */
final class Answers {
    private static final int BUFFER = 1 << 18;
    private static final long FLUSH_MS = 200;

    private final Writer to;
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean closed;

    Answers(Path file) throws IOException {
        to = new BufferedWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), BUFFER);
    }

    void started(long epochMillis) {
        line("start\t" + epochMillis + "\n");
    }

    void sent() {
        sent.incrementAndGet();
    }

    void answered(String what, Ask ask, long nowMicros, int status, boolean replayed, String body) {
        StringBuilder line = new StringBuilder(body.length() + 64);
        line.append(what).append('\t').append(ask.visit().number());
        line.append('\t').append(ask.intendedMicros());
        line.append('\t').append(ask.lateMicros());
        line.append('\t').append(nowMicros - ask.intendedMicros());
        line.append('\t').append(status);
        line.append('\t').append(replayed ? 1 : 0).append('\t');
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            line.append(c < ' ' ? ' ' : c);
        }
        line(line.append('\n').toString());
    }

    /** From now on what is written is flushed some times a second, with a count of what was sent; ends with the process. */
    void flushNowAndThen(Clock clock) {
        Thread flusher = new Thread(() -> flushForEver(clock), "answers");
        flusher.setDaemon(true);
        flusher.start();
    }

    private void flushForEver(Clock clock) {
        try {
            while (!closed) {
                Thread.sleep(FLUSH_MS);
                if (clock.isStarted()) {
                    line("sent\t" + clock.micros() + "\t" + sent.get() + "\n");
                }
                flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        synchronized (to) {
            closed = true;
            try {
                to.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void flush() {
        synchronized (to) {
            if (closed) {
                return;
            }
            try {
                to.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void line(String line) {
        synchronized (to) {
            if (closed) {
                return;
            }
            try {
                to.write(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
