package io.seckill.loadtest.mutants;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Lets the simulation loose on each mutant, in a process of its own that differs from the product in the mutated classes
 * alone. A mutant is caught when a promise is seen broken; a simulation that itself fails catches nothing.
 */
public final class MutantRun {
    private static final String BROKEN = "BROKEN with seed ";
    private static final int PATIENCE_MINUTES = 30;

    private final PrintStream out;
    private final MutantBuild build;
    private final String classPath;
    private final List<String> simulation;

    /**
     * @param repository whose sources are mutated
     * @param classPath of the product, built from these sources
     * @param simulation main class and arguments that simulate, and tell of a broken promise
     */
    public MutantRun(PrintStream out, Path repository, String classPath, List<String> simulation) {
        this.out = out;
        this.build = new MutantBuild(repository, classPath);
        this.classPath = classPath;
        this.simulation = List.copyOf(simulation);
    }

    /** @return whether the product itself was found good, and each mutant was caught */
    public boolean run(List<Mutant> mutants) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("mutants");
        try {
            List<String> sound = simulate(classPath);
            if (!sound.contains("All promises held.")) {
                out.println("The product itself is not found good, so no catch would mean anything:");
                sound.forEach(out::println);
                return false;
            }
            out.printf(Locale.ROOT, "%-32s all promises held%n", "(no defect)");
            int survivors = 0;
            for (Mutant mutant : mutants) {
                survivors += isCaught(mutant, scratch.resolve(mutant.name())) ? 0 : 1;
            }
            out.printf(Locale.ROOT, "%d mutants, %d caught%n", mutants.size(), mutants.size() - survivors);
            return survivors == 0;
        } finally {
            deleteTree(scratch);
        }
    }

    private boolean isCaught(Mutant mutant, Path scratch) throws IOException, InterruptedException {
        List<String> said = simulate(build.build(mutant, scratch) + File.pathSeparator + classPath);
        for (int i = 0; i < said.size(); i++) {
            if (said.get(i).startsWith(BROKEN)) {
                String seed = said.get(i).substring(BROKEN.length()).replace(":", "");
                String promise = i + 1 < said.size() ? said.get(i + 1).strip() : "";
                out.printf(Locale.ROOT, "%-32s caught by seed %s: %s%n", mutant.name(), seed, promise);
                return true;
            }
        }
        boolean held = said.contains("All promises held.");
        out.printf(Locale.ROOT, "%-32s %s%n", mutant.name(), held ? "SURVIVED: " + mutant.title() : "NOT RUN:");
        if (!held) {
            said.forEach(out::println);
        }
        return false;
    }

    private List<String> simulate(String path) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(path);
        command.addAll(simulation);
        Path said = Files.createTempFile("mutant", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            try {
                if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                    out.println("not done within " + PATIENCE_MINUTES + " minutes");
                }
            } finally {
                process.destroyForcibly();
            }
            return Files.readAllLines(said);
        } finally {
            Files.delete(said);
        }
    }

    private static void deleteTree(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
