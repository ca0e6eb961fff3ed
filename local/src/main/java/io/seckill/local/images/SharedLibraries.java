package io.seckill.local.images;

import io.seckill.local.Executables;
import io.seckill.local.LaunchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a tree of programs is linked to outside of itself: libraries of this machine, by the paths under which the dynamic
 * loader looks for them, and that loader.
 */
record SharedLibraries(NavigableSet<Path> paths) {
    private static final long LIMIT_SECONDS = 60;
    /** {@code libz.so.1 => /lib/…/libz.so.1 (0x…)}, or the loader itself, which has no arrow. */
    private static final Pattern FOUND = Pattern.compile("^\\s+(?:\\S+ => )?(/\\S+) \\(0x", Pattern.MULTILINE);

    private static final String LIBC = "libc.so.6";
    /** Parts of libc that nothing in a JVM names: it loads the first two to look up names, Netty's native code the others. */
    private static final List<String> PARTS_OF_LIBC = List.of(
            "libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2", "libdl.so.2", "libpthread.so.0", "librt.so.1");

    static SharedLibraries of(Path tree) throws IOException {
        List<String> command = new ArrayList<>(List.of("ldd"));
        programs(tree).forEach(program -> command.add(program.toString()));
        Executables.Outcome outcome =
                Executables.run(command, Map.of("PATH", Executables.searchPath(), "LC_ALL", "C"), LIMIT_SECONDS);
        if (!outcome.ok()) {
            throw new LaunchFailure("ldd: %s; another way is --base".formatted(outcome.lastLine()));
        }
        NavigableSet<Path> paths = new TreeSet<>();
        Matcher found = FOUND.matcher(outcome.output());
        while (found.find()) {
            paths.add(Path.of(found.group(1)).normalize());
        }
        paths.removeIf(path -> path.startsWith(tree));
        Path libc = paths.stream()
                .filter(path -> path.endsWith(LIBC))
                .findFirst()
                .orElseThrow(() -> new LaunchFailure("this machine's Java is not linked to glibc: give --base"));
        PARTS_OF_LIBC.stream().map(libc::resolveSibling).filter(Files::exists).forEach(paths::add);
        return new SharedLibraries(paths);
    }

    /** Copies the files, links resolved, to where they are looked for. */
    void copyInto(Path root) throws IOException {
        for (Path path : paths) {
            Path target = root.resolve(path.getRoot().relativize(path));
            Files.createDirectories(target.getParent());
            Files.copy(path.toRealPath(), target);
        }
    }

    private static List<Path> programs(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getParent().endsWith("bin")
                            || file.getFileName().toString().endsWith(".so"))
                    .sorted()
                    .toList();
        }
    }
}
