package io.seckill.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the manifests are, and what the documentation says of them. */
final class Repository {
    private Repository() {}

    /** The folder above this module. */
    static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("k8s/base"))) {
                return at;
            }
        }
        throw new AssertionError("not in the repository");
    }

    static Path overlay(String name) {
        return root().resolve("k8s/overlays").resolve(name);
    }

    static String readme() {
        try {
            return Files.readString(root().resolve("k8s/README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
