package io.seckill.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * The files {@code run/NAME.pid}. A pid alone proves nothing: it may be stale, or by now another program's. So a process
 * counts as ours only while an argument on its command line is the one we started it with.
 */
final class PidFiles {
    private static final String SUFFIX = ".pid";

    private final Path folder;
    private final LongFunction<List<String>> arguments;

    PidFiles(Path folder, LongFunction<List<String>> arguments) {
        this.folder = folder;
        this.arguments = arguments;
    }

    Path file(String process) {
        return folder.resolve(process + SUFFIX);
    }

    /** The pid of the process of this name, if it runs. */
    OptionalLong live(String process, String mark) {
        OptionalLong pid = read(process);
        return pid.isPresent() && arguments.apply(pid.getAsLong()).contains(mark) ? pid : OptionalLong.empty();
    }

    OptionalLong read(String process) {
        try {
            return OptionalLong.of(
                    Long.parseLong(Files.readString(file(process)).trim()));
        } catch (IOException | NumberFormatException absentOrTorn) {
            return OptionalLong.empty();
        }
    }

    void write(String process, long pid) {
        Home.writePrivate(file(process), pid + "\n");
    }

    void delete(String process) {
        try {
            Files.deleteIfExists(file(process));
        } catch (IOException e) {
            throw new LaunchFailure("cannot delete %s: %s".formatted(file(process), e), e);
        }
    }

    /** The names that have a file, live or not. */
    List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("."))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LaunchFailure("cannot list %s: %s".formatted(folder, e), e);
        }
    }
}
