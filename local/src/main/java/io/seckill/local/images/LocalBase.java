package io.seckill.local.images;

import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import io.seckill.local.Executables;
import io.seckill.local.LaunchFailure;
import io.seckill.local.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A base for a machine that reaches no registry: the Java that runs this, cut down by jlink to what the services need, the
 * shared libraries that it is linked to, and a few lines in /etc. No shell, no package manager, nothing to update: what is
 * in it is as new as this machine. The same Java and libraries give the same bytes, so it has no archive of shared classes,
 * which differs from one dump to the next.
 */
final class LocalBase implements BaseImage {
    /**
     * What the services and their libraries call. jdeps also finds java.desktop and java.compiler, for optional parts of
     * Jackson and others that are never used. It does not find what nothing calls by name: TLS needs jdk.crypto.ec, the
     * MySQL client the character sets, and Netty jdk.naming.dns to learn where to ask for names.
     */
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.security.sasl",
            "java.sql",
            "jdk.charsets",
            "jdk.crypto.ec",
            "jdk.jfr",
            "jdk.management",
            "jdk.naming.dns",
            "jdk.unsupported");

    private static final String JAVA = "/opt/java";
    private static final long LIMIT_SECONDS = 120;

    private final Path work;
    private final Progress progress;
    private boolean made;

    LocalBase(Path work, Progress progress) {
        this.work = work;
        this.progress = progress;
    }

    @Override
    public JibContainerBuilder begin() throws IOException {
        Path root = work.resolve("base");
        if (!made) {
            make(root);
            made = true;
        }
        String architecture = architecture();
        return Jib.fromScratch()
                .setPlatforms(Set.of(new Platform(architecture, "linux")))
                .addEnvironmentVariable("PATH", JAVA + "/bin")
                .addEnvironmentVariable("JAVA_HOME", JAVA)
                .addFileEntriesLayer(FileLayers.tree("system", root.resolve("system"), "/"))
                .addFileEntriesLayer(FileLayers.tree("java", root.resolve("java"), JAVA));
    }

    private void make(Path root) throws IOException {
        Path system = root.resolve("system");
        Files.createDirectories(system.resolve("etc"));
        Files.createDirectories(system.resolve("tmp"));
        Files.writeString(system.resolve("etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
        Files.writeString(
                system.resolve("etc/passwd"),
                "root:x:0:0:root:/:/nonexistent\nseckill:x:%1$d:%1$d:seckill:/tmp:/nonexistent\n"
                        .formatted(ImageBuilder.USER));
        Files.writeString(system.resolve("etc/group"), "root:x:0:\nseckill:x:%d:\n".formatted(ImageBuilder.USER));
        jlink(root.resolve("java"));
        SharedLibraries.of(root.resolve("java")).copyInto(system);
        progress.step("Java %s and its libraries, %,d MB unpacked"
                .formatted(Runtime.version().feature(), FileLayers.bytes(root) / 1_000_000));
    }

    private static void jlink(Path java) {
        Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
        if (!Files.isExecutable(jlink)) {
            throw new LaunchFailure("no %s: a local base needs a whole JDK; or give --base".formatted(jlink));
        }
        Executables.Outcome outcome = Executables.run(
                List.of(
                        jlink.toString(),
                        "--add-modules",
                        String.join(",", MODULES),
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        java.toString()),
                Map.of("PATH", Executables.searchPath(), "LC_ALL", "C.UTF-8"),
                LIMIT_SECONDS);
        if (!outcome.ok()) {
            throw new LaunchFailure("jlink: %s; another way is --base".formatted(outcome.lastLine()));
        }
    }

    private static String architecture() {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new LaunchFailure("a local base can be made on Linux only: give --base");
        }
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> throw new LaunchFailure("no local base for " + System.getProperty("os.arch") + ": give --base");
        };
    }
}
