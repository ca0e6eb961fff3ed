package io.seckill.local.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.Port;
import io.seckill.local.LaunchFailure;
import io.seckill.local.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Builds the product's images as tars that {@code docker load} and {@code podman load} take. From the bottom up an image has
 * the base, the libraries that all images share, those of its own, and the project's jars, so that a new commit is a small
 * layer. See {@link ProductImage} for what the images are.
 */
public final class ImageBuilder {
    /** Numeric, so that Kubernetes can tell that it is not root; not one that systems give to people or services. */
    static final int USER = 10001;

    private static final int END_SECONDS = 30;
    private static final String LIBRARIES = "/app/lib";
    private static final String CLASS_PATH = "/app/classpath";

    private final BaseImage base;
    private final Path jars;
    private final BuildFacts facts;
    private final Path work;
    private final Progress progress;

    /**
     * @param jars the folder that has the jars of all services
     * @param work an empty folder, not needed afterwards
     */
    public ImageBuilder(BaseImage base, Path jars, BuildFacts facts, Path work, Progress progress) {
        this.base = base;
        this.jars = jars;
        this.facts = facts;
        this.work = work;
        this.progress = progress;
    }

    /** Writes a tar for each image into a folder, which is made if there is none. */
    public void build(Path out) throws IOException, InterruptedException {
        Files.createDirectories(out);
        List<Path> common =
                RuntimeClasspath.of(ProductImage.SCHEMA.artifact(), jars).libraries();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (ProductImage image : ProductImage.values()) {
                build(image, common, out, threads);
            }
        } finally {
            // After a failure some of it goes on, and would write into a folder that is being deleted.
            threads.shutdownNow();
            if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                progress.step("still writing in " + work);
            }
        }
    }

    private void build(ProductImage image, List<Path> common, Path out, ExecutorService threads)
            throws IOException, InterruptedException {
        String name = image.repository() + ":" + facts.version();
        Path tar = out.resolve("%s-%s.tar".formatted(image.artifact(), facts.version()));
        JibContainerBuilder container = container(image, common);
        try {
            JibContainer built =
                    container.containerize(Containerizer.to(TarImage.at(tar).named(name))
                            .setToolName("seckill")
                            .setToolVersion(facts.version())
                            .setExecutorService(threads)
                            .setBaseImageLayersCache(work.resolve("base-cache"))
                            .setApplicationLayersCache(work.resolve("cache")));
            progress.step("%-36s %,5.1f MB  %s".formatted(name, Files.size(tar) / 1e6, built.getImageId()));
            progress.line("           " + tar);
        } catch (ExecutionException | RegistryException | CacheDirectoryCreationException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new LaunchFailure("cannot build %s: %s".formatted(name, cause.getMessage()), e);
        } catch (InvalidImageReferenceException e) {
            throw new LaunchFailure("'%s' cannot be an image's name".formatted(name), e);
        }
    }

    private JibContainerBuilder container(ProductImage image, List<Path> common) throws IOException {
        RuntimeClasspath classpath = RuntimeClasspath.of(image.artifact(), jars);
        Map<Boolean, List<Path>> libraries =
                classpath.libraries().stream().collect(Collectors.partitioningBy(common::contains));
        JibContainerBuilder container = base.begin()
                .addFileEntriesLayer(FileLayers.files("common libraries", libraries.get(true), LIBRARIES))
                .addFileEntriesLayer(FileLayers.files("libraries", libraries.get(false), LIBRARIES))
                .addFileEntriesLayer(FileLayers.files("product", classpath.own(), LIBRARIES))
                .addFileEntriesLayer(FileLayers.files("classpath", List.of(classPathFile(image, classpath)), "/app"))
                .setEntrypoint("java", "-cp", "@" + CLASS_PATH, image.mainClass)
                .setProgramArguments(List.of())
                .setUser(USER + ":" + USER)
                .setWorkingDirectory(AbsoluteUnixPath.get("/"))
                .setLabels(labels(image))
                .addEnvironmentVariable(JvmFlags.VARIABLE, image.jvmFlags);
        new TreeMap<>(image.settings()).forEach(container::addEnvironmentVariable);
        image.ports().forEach(port -> container.addExposedPort(Port.tcp(port)));
        return container;
    }

    private Path classPathFile(ProductImage image, RuntimeClasspath classpath) throws IOException {
        Path folder = Files.createDirectories(work.resolve(image.artifact()));
        String line = classpath.jars().stream()
                .map(jar -> LIBRARIES + "/" + jar.getFileName())
                .collect(Collectors.joining(":"));
        return Files.writeString(folder.resolve(Path.of(CLASS_PATH).getFileName()), line + "\n");
    }

    private Map<String, String> labels(ProductImage image) {
        // In one order in every process, or two builds differ.
        return new TreeMap<>(Map.of(
                "org.opencontainers.image.title", image.repository(),
                "org.opencontainers.image.description", image.description,
                "org.opencontainers.image.version", facts.version(),
                "org.opencontainers.image.revision", facts.revision(),
                "org.opencontainers.image.licenses", "MIT"));
    }
}
