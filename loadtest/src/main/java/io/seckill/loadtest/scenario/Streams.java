package io.seckill.loadtest.scenario;

import io.seckill.loadtest.StreamLoad;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** People who watch a sale live: {@link StreamLoad}, as a process of its own. */
final class Streams implements AutoCloseable {
    private static final int OPEN_S = 30;
    private static final int END_S = 10;
    private static final long LOOK_MS = 50;

    private final Path log;
    private final Process process;
    private final AtExit atExit;

    /** Opens so many, and returns when all are. */
    Streams(String gateway, String saleId, int count, Path log) throws IOException, InterruptedException {
        this.log = log;
        this.process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamLoad.class.getName(),
                        gateway + "/api/v1/sales/" + saleId + "/events",
                        Integer.toString(count)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        this.atExit = new AtExit(process::destroyForcibly);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(OPEN_S);
        while (!said().contains("open")) {
            if (process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                close();
                throw new IOException("the event streams did not open: " + said());
            }
        }
    }

    /** Ends it; what it counted. */
    String end() throws IOException, InterruptedException {
        process.destroy();
        process.waitFor(END_S, TimeUnit.SECONDS);
        String said = said().strip();
        return said.substring(said.lastIndexOf('\n') + 1);
    }

    private String said() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        atExit.close();
    }
}
