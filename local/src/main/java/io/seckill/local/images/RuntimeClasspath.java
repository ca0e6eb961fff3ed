package io.seckill.local.images;

import io.seckill.local.LaunchFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The jars that a service runs with, its own first, as Maven resolved them: the build writes the list into the service's
 * jar. All of them are in one folder of the launcher, among the jars of others.
 *
 * @param jars files, in the order of the class path
 */
public record RuntimeClasspath(List<Path> jars) {

    /**
     * @param artifact the service's own, of the project's version
     * @throws LaunchFailure if a jar is not there
     */
    public static RuntimeClasspath of(String artifact, Path folder) {
        Path own = folder.resolve("%s-%s.jar".formatted(artifact, BuildFacts.projectVersion()));
        List<Path> jars = Stream.concat(
                        Stream.of(own), names(own, artifact).map(name -> folder.resolve(name.getFileName())))
                .toList();
        for (Path jar : jars) {
            if (!Files.isRegularFile(jar)) {
                throw new LaunchFailure(
                        "no %s: build the project again (mvn -Dquick -DskipTests package)".formatted(jar));
            }
        }
        return new RuntimeClasspath(jars);
    }

    private static Stream<Path> names(Path own, String artifact) {
        String entry = "META-INF/" + artifact + ".classpath";
        if (!Files.isRegularFile(own)) {
            return Stream.of();
        }
        try (JarFile jar = new JarFile(own.toFile())) {
            ZipEntry list = jar.getEntry(entry);
            if (list == null) {
                throw new LaunchFailure("%s has no %s: build it again".formatted(own, entry));
            }
            try (InputStream in = jar.getInputStream(list)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return Stream.of(text.strip().split(":")).map(Path::of);
            }
        } catch (IOException e) {
            throw new LaunchFailure("cannot read %s: %s".formatted(own, e), e);
        }
    }

    /** The project's own jars: they change with each commit. */
    List<Path> own() {
        return jars.stream().filter(RuntimeClasspath::isOwn).toList();
    }

    /** Everybody else's jars. */
    List<Path> libraries() {
        return jars.stream().filter(jar -> !isOwn(jar)).toList();
    }

    private static boolean isOwn(Path jar) {
        return jar.getFileName().toString().startsWith("seckill-");
    }
}
