package io.seckill.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** A file with a certificate in it, of nobody's. */
    static String certificate() {
        return root().resolve("k8s/src/test/resources/ca.pem").toString();
    }

    /** The command of README.md that creates something, {@code secret generic NAME}, with all its lines; empty without one. */
    static String creates(String what) {
        String readme;
        try {
            readme = Files.readString(root().resolve("k8s/README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Matcher command = Pattern.compile(" create " + Pattern.quote(what) + " (?:.*\\\\\\n)*.*")
                .matcher(readme);
        return command.find() ? command.group() : "";
    }
}
