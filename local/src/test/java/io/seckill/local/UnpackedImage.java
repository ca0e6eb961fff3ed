package io.seckill.local;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An image's tar taken apart, as an engine would.
 *
 * @param root the file system
 * @param entries the layers' entries, by their path without a slash at either end
 */
record UnpackedImage(List<String> names, JsonObject config, Path root, Map<String, TarArchiveEntry> entries) {

    static UnpackedImage of(Path tar, Path folder) throws IOException {
        Path parts = Files.createDirectories(folder.resolve("parts"));
        Path root = Files.createDirectories(folder.resolve("root"));
        unpack(Files.newInputStream(tar), parts, new HashMap<>());
        JsonObject manifest =
                new JsonArray(Buffer.buffer(Files.readAllBytes(parts.resolve("manifest.json")))).getJsonObject(0);
        Map<String, TarArchiveEntry> entries = new HashMap<>();
        for (Object layer : manifest.getJsonArray("Layers")) {
            unpack(new GZIPInputStream(Files.newInputStream(parts.resolve((String) layer))), root, entries);
        }
        JsonObject config =
                new JsonObject(Buffer.buffer(Files.readAllBytes(parts.resolve(manifest.getString("Config")))));
        List<String> names = manifest.getJsonArray("RepoTags").stream()
                .map(String.class::cast)
                .toList();
        return new UnpackedImage(names, config, root, entries);
    }

    /** What a container is started with. */
    JsonObject run() {
        return config.getJsonObject("config");
    }

    List<String> entrypoint() {
        return texts("Entrypoint");
    }

    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (String one : texts("Env")) {
            int equals = one.indexOf('=');
            environment.put(one.substring(0, equals), one.substring(equals + 1));
        }
        return environment;
    }

    private List<String> texts(String field) {
        return run().getJsonArray(field).stream().map(String.class::cast).toList();
    }

    private static void unpack(InputStream in, Path folder, Map<String, TarArchiveEntry> entries) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target);
                    Files.setPosixFilePermissions(target, permissions(entry.getMode()));
                }
                entries.put(folder.relativize(target).toString(), entry);
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        // In the enum's order, which is that of the bits from the highest to the lowest.
        List<PosixFilePermission> all = new ArrayList<>(EnumSet.allOf(PosixFilePermission.class));
        Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < all.size(); bit++) {
            if ((mode >> (all.size() - 1 - bit) & 1) == 1) {
                granted.add(all.get(bit));
            }
        }
        return granted;
    }
}
