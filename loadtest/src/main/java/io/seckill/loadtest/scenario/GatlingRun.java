package io.seckill.loadtest.scenario;

import io.seckill.loadtest.Crowd;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Gatling, as a process of its own with a classpath of its own, playing one schedule. What it plays is in the module {@code
 * loadtest/gatling}, {@code SaleSimulation}; the files between the two are described there.
 */
final class GatlingRun implements AutoCloseable {
    private static final String MAIN = "io.gatling.app.Gatling";
    private static final String SIMULATION = "io.seckill.loadtest.gatling.SaleSimulation";
    // Compiled once and quickly: a second compiler would take the cores from what is measured, just when it begins.
    private static final List<String> JVM = List.of(
            "-XX:TieredStopAtLevel=1",
            "-Xms256m",
            "-Xmx768m",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "--add-opens=java.base/java.lang=ALL-UNNAMED");
    private static final String VISITS = "visits.tsv";
    private static final String WARM_UP = "warm-up.tsv";
    private static final int LAST_WORDS = 12;

    private final Path folder;
    private final Path jars;
    private Process process;
    private AtExit atExit;

    /** @param folder for its files and its report; may be there, from nobody else */
    GatlingRun(Path jars, Path folder) {
        this.jars = jars;
        this.folder = folder;
    }

    Path answers() {
        return folder.resolve("answers.tsv");
    }

    /** Starts it. A warm-up comes before the schedule, on a sale of its own. */
    void start(
            Scenario scenario,
            Schedule schedule,
            Schedule warmUp,
            Sales sales,
            Sales early,
            Crowd crowd,
            List<String> gateways,
            int attempts)
            throws IOException {
        Files.createDirectories(folder);
        // Of a run before this one, with the same folder.
        Files.deleteIfExists(answers());
        Path visits = write(VISITS, schedule, sales, crowd);
        Path before = write(WARM_UP, warmUp, early, crowd);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        property(command, "seckill.scenario", scenario.title());
        property(command, "seckill.gateways", String.join(" ", gateways));
        property(command, "seckill.visits", visits.toString());
        property(command, "seckill.warmUp", before.toString());
        property(command, "seckill.answers", answers().toString());
        property(command, "seckill.attempts", Integer.toString(attempts));
        // It would keep a note in the home of whoever runs it.
        property(command, "java.util.prefs.userRoot", System.getProperty("java.io.tmpdir"));
        command.addAll(List.of("-cp", jars + File.separator + "*", MAIN, "-s", SIMULATION));
        command.addAll(List.of("-rf", folder.resolve("report").toString(), "-rd", scenario.description()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        atExit = new AtExit(this::end);
        process.getOutputStream().close();
    }

    private static void property(List<String> command, String name, String value) {
        command.add("-D" + name + "=" + value);
    }

    private Path write(String name, Schedule schedule, Sales sales, Crowd crowd) throws IOException {
        Path file = folder.resolve(name);
        try (PrintWriter to = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.US_ASCII))) {
            for (Schedule.Visit visit : schedule.visits()) {
                to.print(visit.offsetMicros() + "\t" + visit.act().name().toLowerCase(Locale.ROOT) + "\t"
                        + sales.ids().get(visit.sale()) + "\t" + crowd.authorization(visit.user()) + "\n");
            }
        }
        return file;
    }

    /** Waits for its end, so long at most; whether it has ended. */
    boolean ended(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** @throws IOException with its last words, if it did not end well */
    void check() throws IOException {
        if (process.exitValue() != 0) {
            List<String> said = Files.readAllLines(log());
            throw new IOException("Gatling ended with " + process.exitValue() + ": "
                    + String.join("\n", said.subList(Math.max(0, said.size() - LAST_WORDS), said.size())));
        }
    }

    private Path log() {
        return folder.resolve("gatling.log");
    }

    /** Its scenario report, an {@code index.html}; the newest, if there were runs before. */
    Path report() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("report"))) {
            return files.filter(file -> file.endsWith("index.html"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .orElseThrow(() -> new IOException("Gatling made no report; see " + log()));
        }
    }

    /** Ends it if it has not, and deletes the plans, which bear tokens. */
    @Override
    public void close() {
        end();
        if (atExit != null) {
            atExit.close();
        }
    }

    private void end() {
        if (process != null) {
            process.destroyForcibly();
        }
        try {
            Files.deleteIfExists(folder.resolve(VISITS));
            Files.deleteIfExists(folder.resolve(WARM_UP));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
