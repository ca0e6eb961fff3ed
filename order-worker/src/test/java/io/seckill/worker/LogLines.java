package io.seckill.worker;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what this process logs, which goes to its standard output, and lets it pass. */
final class LogLines implements AutoCloseable {
    private final PrintStream before = System.out;
    private final AtomicInteger lines = new AtomicInteger();

    LogLines() {
        System.setOut(new PrintStream(
                new FilterOutputStream(before) {
                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        for (int i = from; i < from + length; i++) {
                            count(bytes[i]);
                        }
                        out.write(bytes, from, length);
                    }

                    @Override
                    public void write(int value) throws IOException {
                        count(value);
                        out.write(value);
                    }
                },
                true,
                StandardCharsets.UTF_8));
    }

    int count() {
        return lines.get();
    }

    private void count(int value) {
        if (value == '\n') {
            lines.incrementAndGet();
        }
    }

    @Override
    public void close() {
        System.setOut(before);
    }
}
