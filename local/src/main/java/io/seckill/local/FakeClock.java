package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** libfaketime, which lets one process see another time of day; found on the machine or among the packages. */
record FakeClock(Optional<Path> library) {
    private static final String FILE = "libfaketime.so.1";

    static FakeClock find(Path packages, Progress progress) {
        for (Path root : List.of(packages.resolve("faketime/usr/lib"), Path.of("/usr/lib"))) {
            Optional<Path> found = in(root);
            if (found.isPresent()) {
                return new FakeClock(found);
            }
        }
        return new FakeClock(Optional.empty());
    }

    private static Optional<Path> in(Path root) {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> folder.resolve("faketime").resolve(FILE))
                    .filter(Files::isRegularFile)
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Why there is none; empty if there is one. */
    Optional<String> missing() {
        return library.isPresent() ? Optional.empty() : Optional.of("no " + FILE + " on this machine");
    }

    /** The monotonic clock stays: no machine's is ever set. */
    Map<String, String> variables(int seconds) {
        return Map.of(
                "LD_PRELOAD",
                library.orElseThrow().toString(),
                "FAKETIME",
                String.format(Locale.ROOT, "%+d", seconds),
                "DONT_FAKE_MONOTONIC",
                "1");
    }
}
