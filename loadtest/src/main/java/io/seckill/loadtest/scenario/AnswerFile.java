package io.seckill.loadtest.scenario;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the file of answers from its end while Gatling writes it. Used by one thread. */
final class AnswerFile {
    /** Told what is new. */
    interface Reader {
        /** @param epochMillis the start, which may be a moment ahead */
        void started(long epochMillis);

        /** @param requests sent until then, answered or not */
        void sent(long elapsedMicros, long requests);

        void answered(Answer answer);
    }

    private final Path file;
    private final Reader reader;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private final byte[] chunk = new byte[1 << 16];
    private InputStream in;

    AnswerFile(Path file, Reader reader) {
        this.file = file;
        this.reader = reader;
    }

    /** All whole lines that are there by now. */
    void read() throws IOException {
        if (in == null) {
            if (!Files.exists(file)) {
                return;
            }
            in = Files.newInputStream(file);
        }
        for (int count = in.read(chunk); count > 0; count = in.read(chunk)) {
            int from = 0;
            for (int i = 0; i < count; i++) {
                if (chunk[i] == '\n') {
                    rest.write(chunk, from, i - from);
                    line(rest.toString(StandardCharsets.UTF_8));
                    rest.reset();
                    from = i + 1;
                }
            }
            rest.write(chunk, from, count - from);
        }
    }

    private void line(String line) {
        if (line.startsWith("start\t")) {
            reader.started(Long.parseLong(line.substring(line.indexOf('\t') + 1)));
        } else if (line.startsWith("sent\t")) {
            String[] fields = line.split("\t");
            reader.sent(Long.parseLong(fields[1]), Long.parseLong(fields[2]));
        } else {
            reader.answered(Answer.of(line));
        }
    }

    void close() throws IOException {
        if (in != null) {
            in.close();
        }
    }
}
