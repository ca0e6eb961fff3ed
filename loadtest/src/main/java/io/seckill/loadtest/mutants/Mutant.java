package io.seckill.loadtest.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A deliberate defect: a few places of the product's source, each with what it would be if somebody had got it wrong. A
 * test that does not notice it is worth nothing; see docs/reliability.md.
 *
 * @param name of its file, without the ending
 * @param title the defect in a sentence
 */
public record Mutant(String name, String title, List<Change> changes) {
    private static final String ENDING = ".mutant";
    private static final Pattern CHANGE = Pattern.compile("@@ (\\S+)\n<<<<\n(.*?)\n====\n(.*?)\n>>>>", Pattern.DOTALL);

    /**
     * One place.
     *
     * @param file from the repository's root
     * @param from what stands there, once in the file
     */
    public record Change(String file, String from, String to) {
        String applyTo(String source) {
            int at = source.indexOf(from);
            if (at < 0 || source.indexOf(from, at + 1) >= 0) {
                throw new IllegalStateException(
                        (at < 0 ? "not found" : "found more than once") + " in " + file + ": " + from);
            }
            return source.substring(0, at) + to + source.substring(at + from.length());
        }
    }

    /** All mutants of a folder, by name. */
    public static List<Mutant> all(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Mutant> mutants = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(ENDING))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString();
                mutants.add(parse(name.substring(0, name.length() - ENDING.length()), Files.readString(file)));
            }
            return mutants;
        }
    }

    static Mutant parse(String name, String text) {
        List<Change> changes = new ArrayList<>();
        for (Matcher change = CHANGE.matcher(text); change.find(); ) {
            changes.add(new Change(change.group(1), change.group(2), change.group(3)));
        }
        if (changes.isEmpty()) {
            throw new IllegalStateException("mutant " + name + " changes nothing");
        }
        return new Mutant(name, text.lines().findFirst().orElse(""), changes);
    }
}
