package io.seckill.loadtest.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.loadtest.mutants.Mutant.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutantTest {
    private static final Path REPOSITORY = Path.of("..");

    @Test
    void shouldStillFitTheSources() throws Exception {
        List<Mutant> mutants = Mutant.all(REPOSITORY.resolve("loadtest/mutants"));
        assertTrue(mutants.size() >= 10);
        MutantBuild build = new MutantBuild(REPOSITORY, "");
        for (Mutant mutant : mutants) {
            assertFalse(mutant.title().isBlank(), mutant.name());
            build.sources(mutant)
                    .forEach((file, source) -> assertFalse(sourceOf(file).equals(source), mutant.name()));
        }
    }

    @Test
    void shouldReadEveryChange() {
        Mutant mutant = Mutant.parse(
                "m", "A title\n\n@@ a.txt\n<<<<\none\n\ntwo\n====\nthree\n>>>>\n\n@@ b.txt\n<<<<\nx\n====\n\n>>>>\n");

        assertEquals("A title", mutant.title());
        assertEquals(
                List.of(new Change("a.txt", "one\n\ntwo", "three"), new Change("b.txt", "x", "")), mutant.changes());
        assertThrows(IllegalStateException.class, () -> Mutant.parse("m", "A title\n"));
    }

    @Test
    void shouldRefuseAPlaceThatIsGoneOrNotTheOnlyOne() {
        Change change = new Change("a.txt", "x", "y");

        assertEquals("ayb", change.applyTo("axb"));
        assertThrows(IllegalStateException.class, () -> change.applyTo("ab"));
        assertThrows(IllegalStateException.class, () -> change.applyTo("axbx"));
    }

    private static String sourceOf(String file) {
        try {
            return Files.readString(REPOSITORY.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
