package io.seckill.local.images;

import io.seckill.local.Executables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What an image tells about its origin. Nothing of it changes between two builds of one commit: no time, no machine.
 *
 * @param version the project's, and the images' tag
 * @param revision the commit; ends in {@code -dirty} if files were changed since, {@code unknown} outside of a git repository
 */
public record BuildFacts(String version, String revision) {
    private static final long LIMIT_SECONDS = 30;

    /** Of the repository in this folder. */
    public static BuildFacts of(Path repository) {
        return new BuildFacts(projectVersion(), revision(repository));
    }

    /** The version in the names of the project's jars. */
    public static String projectVersion() {
        return properties().getProperty("version");
    }

    /** The base that the root pom names, see {@link BaseImage#parse}. */
    public static String presetBase() {
        return properties().getProperty("base");
    }

    private static String revision(Path repository) {
        return git(repository, "rev-parse", "HEAD")
                .map(head -> git(repository, "status", "--porcelain")
                                .filter(String::isEmpty)
                                .isPresent()
                        ? head
                        : head + "-dirty")
                .orElse("unknown");
    }

    private static Optional<String> git(Path repository, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        Executables.Outcome outcome =
                Executables.run(command, Map.of("PATH", Executables.searchPath(), "LC_ALL", "C"), LIMIT_SECONDS);
        return outcome.ok() ? Optional.of(outcome.output().strip()) : Optional.empty();
    }

    private static Properties properties() {
        Properties properties = new Properties();
        try (InputStream in = BuildFacts.class.getResourceAsStream("images.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
