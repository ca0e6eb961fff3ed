package io.seckill.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** The layout of {@code SECKILL_HOME}, and how files with secrets are written there. */
record Home(Path path) {
    Path run() {
        return path.resolve("run");
    }

    Path conf() {
        return path.resolve("conf");
    }

    Path data(String server) {
        return path.resolve("data").resolve(server);
    }

    Path log(String process) {
        return path.resolve("log").resolve(process + ".log");
    }

    Path env() {
        return path.resolve("env");
    }

    void create() {
        try {
            Files.createDirectories(run());
            Files.createDirectories(path.resolve("log"));
            Files.createDirectories(conf());
            Files.createDirectories(path.resolve("data"));
        } catch (IOException e) {
            throw new LaunchFailure("cannot write in %s: %s".formatted(path, e), e);
        }
    }

    /** Writes all or nothing, readable by nobody else at any moment. */
    static void writePrivate(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Path fresh = Files.createTempFile(
                    file.getParent(),
                    "." + file.getFileName(),
                    null,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LaunchFailure("cannot write %s: %s".formatted(file, e), e);
        }
    }

    static void deleteTree(Path top) {
        if (!Files.exists(top)) {
            return;
        }
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
