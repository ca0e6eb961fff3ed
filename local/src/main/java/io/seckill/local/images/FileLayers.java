package io.seckill.local.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files as layers of an image: owned by root, so that the service cannot change them, with one time for all, so that two
 * builds are equal.
 */
final class FileLayers {
    private static final FilePermissions EXECUTABLE = FilePermissions.fromOctalString("755");
    private static final FilePermissions READABLE = FilePermissions.fromOctalString("644");
    private static final FilePermissions OPEN = FilePermissions.fromOctalString("777");
    private static final AbsoluteUnixPath TEMPORARY = AbsoluteUnixPath.get("/tmp");

    private FileLayers() {}

    /** All that is in a folder; {@code /tmp} is everybody's. */
    static FileEntriesLayer tree(String name, Path folder, String target) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        AbsoluteUnixPath top = AbsoluteUnixPath.get(target);
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.sorted().toList()) {
                layer.addEntryRecursive(child, top.resolve(child.getFileName()), FileLayers::permissions);
            }
        }
        return layer.build();
    }

    /** Some files into one folder. */
    static FileEntriesLayer files(String name, List<Path> files, String target) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        AbsoluteUnixPath folder = AbsoluteUnixPath.get(target);
        files.stream().sorted().forEach(file -> layer.addEntry(file, folder.resolve(file.getFileName()), READABLE));
        return layer.build();
    }

    static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    private static FilePermissions permissions(Path file, AbsoluteUnixPath target) {
        if (target.equals(TEMPORARY)) {
            return OPEN;
        }
        return Files.isDirectory(file) || Files.isExecutable(file) ? EXECUTABLE : READABLE;
    }
}
