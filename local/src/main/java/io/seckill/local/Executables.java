package io.seckill.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs of this machine: where they are and what a short run of one prints. */
public final class Executables {
    /** Servers often live where an ordinary user's PATH does not look. */
    static final String USUAL = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/libexec";

    /** What a program did. */
    public record Outcome(int exitCode, String output) {
        public boolean ok() {
            return exitCode == 0;
        }

        public String lastLine() {
            List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
            return lines.isEmpty()
                    ? "exit code " + exitCode
                    : lines.get(lines.size() - 1).trim();
        }
    }

    private Executables() {}

    /** The PATH of this process and the usual folders after it. */
    public static String searchPath() {
        String path = System.getenv("PATH");
        return path == null || path.isBlank() ? USUAL : path + ":" + USUAL;
    }

    public static Optional<Path> find(String name) {
        for (String folder : searchPath().split(":")) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder).resolve(name);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    /** Runs a program to its end with exactly this environment. */
    public static Outcome run(List<String> command, Map<String, String> environment, long limitSeconds) {
        Path output = null;
        Process process = null;
        try {
            output = Files.createTempFile("seckill", ".out");
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                    .redirectInput(new java.io.File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            process = builder.start();
            boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            return ended
                    ? new Outcome(process.exitValue(), text)
                    : new Outcome(-1, text + "\nno end after " + limitSeconds + " s");
        } catch (IOException e) {
            return new Outcome(-1, e.getMessage());
        } catch (InterruptedException e) {
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            Thread.currentThread().interrupt();
            throw new LaunchFailure("interrupted", e);
        } finally {
            deleteQuietly(output);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException ignored) {
            // A left-over temporary file is no reason to fail.
        }
    }
}
