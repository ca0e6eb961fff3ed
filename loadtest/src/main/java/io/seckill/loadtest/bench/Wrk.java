package io.seckill.loadtest.bench;

import io.seckill.loadtest.TokenMint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The generator of the benchmarks: wrk, written in C, since one in the JVM would eat the cores that it measures. */
public final class Wrk {
    private static final String RESULT = "RESULT ";
    private static final int GRACE_S = 30;
    private static final Duration TOKEN_TTL = Duration.ofHours(6);

    private final Path script;
    private final Path tokens;
    private final long users;
    private long first;

    /**
     * @param script {@code loadtest/wrk/bench.lua}
     * @param tokens of the users, a line each
     * @param users how many those are
     */
    public Wrk(Path script, Path tokens, long users) {
        this.script = script;
        this.tokens = tokens;
        this.users = users;
    }

    /** One whose buyers' tokens are made now, ahead of all measuring. */
    static Wrk with(MeasuredSite site, int users) throws IOException {
        Path file = mint(site.scratch().resolve("tokens.tsv"), site.mint(), users, TOKEN_TTL);
        return new Wrk(site.root().resolve("loadtest/wrk/bench.lua"), file, users);
    }

    /**
     * What wrk counted in one run.
     *
     * @param requests that were answered, of which {@code not2xx} not by a success
     * @param broken connections or requests without an answer
     */
    public record Run(
            long requests, long not2xx, Duration length, double p50Ms, double p90Ms, double p99Ms, long broken) {
        public double perSecond() {
            return requests / (length.toNanos() / 1e9);
        }

        public double successesPerSecond() {
            return (requests - not2xx) / (length.toNanos() / 1e9);
        }

        static Run parse(String line) {
            Map<String, Long> fields = new HashMap<>();
            for (String field : line.substring(RESULT.length()).trim().split(" ")) {
                int equals = field.indexOf('=');
                fields.put(field.substring(0, equals), Long.parseLong(field.substring(equals + 1)));
            }
            return new Run(
                    fields.get("requests"),
                    fields.get("not2xx"),
                    Duration.ofNanos(fields.get("micros") * 1_000),
                    fields.get("p50") / 1e3,
                    fields.get("p90") / 1e3,
                    fields.get("p99") / 1e3,
                    fields.get("socket") + fields.get("timeout"));
        }
    }

    /** Makes the file of tokens: lines {@code userId<TAB>token} of users {@code user-0} and so on. */
    public static Path mint(Path file, TokenMint mint, int users, Duration ttl) throws IOException {
        try (PrintWriter to = new PrintWriter(Files.newBufferedWriter(file))) {
            for (int i = 0; i < users; i++) {
                String user = "user-" + i;
                to.print(user + '\t' + mint.mint(user, null, ttl) + '\n');
            }
        }
        return file;
    }

    /** Whether this machine has it. */
    public static boolean isThere() {
        try {
            Process process =
                    new ProcessBuilder("wrk", "-v").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            process.waitFor();
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Runs it and blocks until it is over. Each run goes on with the users where the last one ended, so that their tokens
     * were not seen for a long time.
     */
    public Run run(String url, int connections, int seconds) throws IOException, InterruptedException {
        return run(url, List.of(), connections, seconds);
    }

    /**
     * The same, with the requests spread evenly over several paths.
     *
     * @param paths none for the one of the URL
     */
    Run run(String url, List<String> paths, int connections, int seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s"));
        command.addAll(List.of("--latency", "-s", script.toString(), url, "--", tokens.toString(), "" + first));
        command.addAll(paths);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(GRACE_S, TimeUnit.SECONDS)) {
                throw new IOException("wrk does not end");
            }
            Run run = said.lines()
                    .filter(line -> line.startsWith(RESULT))
                    .findFirst()
                    .map(Run::parse)
                    .orElseThrow(() -> new IOException("wrk failed: " + said.strip()));
            first = (first + run.requests() + connections) % users;
            return run;
        } finally {
            process.destroyForcibly();
        }
    }
}
