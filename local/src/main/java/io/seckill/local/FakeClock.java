package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** libfaketime, which lets one process see another time of day; found on the machine or among the packages. */
record FakeClock(Optional<Path> library) {
    private static final String FILE = "libfaketime.so.1";
    private static final Bundle PACKAGES = new Bundle("faketime", 1, "libfaketime", List.of("libfaketime"));

    /** The machine's own, or one from its packages, fetched into a folder once; neither if that cannot be. */
    static FakeClock find(Path packages, Progress progress) {
        Path unpacked = packages.resolve(PACKAGES.name()).resolve("usr/lib");
        Optional<Path> found = in(Path.of("/usr/lib")).or(() -> in(unpacked));
        if (found.isEmpty()) {
            try {
                new DebianPackages(packages, progress).fetch(List.of(PACKAGES), new ArrayList<>());
            } catch (LaunchFailure e) {
                progress.step("no " + FILE + ": " + e.getMessage());
            }
        }
        return new FakeClock(found.or(() -> in(unpacked)));
    }

    private static Optional<Path> in(Path root) {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> folder.resolve("faketime").resolve(FILE))
                    .filter(Files::isReadable)
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Why there is none; empty if there is one. */
    Optional<String> missing() {
        return library.isPresent() ? Optional.empty() : Optional.of("there is no " + FILE + " for this machine");
    }

    /** The monotonic clock stays: no machine's is ever set. */
    Map<String, String> variables(int seconds) {
        return Map.of(
                "LD_PRELOAD",
                library.orElseThrow().toString(),
                "FAKETIME",
                String.format(Locale.ROOT, "%+d", seconds),
                "DONT_FAKE_MONOTONIC",
                "1",
                // Its fix for older C libraries lets a JVM's timed waits end at once, and the process spins.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }
}
