package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A server's program and the tree that it came in.
 *
 * @param executable what is started
 * @param tree the unpacked packages, or empty for a program of the machine
 */
record ServerProgram(Engine engine, Path executable, Optional<Path> tree) {
    /** A small, known environment: nothing of the caller's configures a server by accident. */
    Map<String, String> environment(Path home) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", Executables.searchPath());
        environment.put("HOME", home.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("LC_ALL", "C.UTF-8");
        List<Path> libraries = libraries();
        if (!libraries.isEmpty()) {
            environment.put(
                    "LD_LIBRARY_PATH",
                    String.join(":", libraries.stream().map(Path::toString).toList()));
        }
        return environment;
    }

    /** The folders of shared libraries in the tree: {@code usr/lib/x86_64-linux-gnu} and its like. */
    private List<Path> libraries() {
        List<Path> found = new ArrayList<>();
        for (String parent : List.of("usr/lib", "lib")) {
            Path folder = tree.map(top -> top.resolve(parent)).orElse(null);
            if (folder == null || !Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> children = Files.list(folder)) {
                children.filter(path -> path.getFileName().toString().contains("-linux-"))
                        .sorted()
                        .forEach(found::add);
            } catch (IOException unreadable) {
                throw new LaunchFailure("cannot list " + folder, unreadable);
            }
        }
        return found;
    }

    Optional<Version> version(Path home) {
        return engine.versionOf(executable, environment(home));
    }
}
