package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.seckill.local.images.BuildFacts;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The images as {@code ./seckill images} builds them on a machine without engine or registry, and what runs from them. */
class ImagesIT {
    private static final List<String> NAMES = List.of("gateway", "order-worker", "schema");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    /** As in a container with a limit of 1 GiB. */
    private static final String LIMIT = " -XX:MaxRAM=1g";

    private static final int TERMINATED = 128 + 15;

    @TempDir
    private static Path folder;

    private static Path tars;
    private static final Map<String, UnpackedImage> IMAGES = new HashMap<>();

    @BeforeAll
    static void build() throws IOException {
        tars = folder.resolve("tars");
        assertEquals(0, SeckillMain.commandLine(environment()).execute("images", "--out", tars.toString()));
        for (String name : NAMES) {
            IMAGES.put(name, UnpackedImage.of(tar(tars, name), folder.resolve(name)));
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("SECKILL_HOME", folder.resolve("home").toString());
        return environment;
    }

    private static Path tar(Path where, String name) {
        return where.resolve("seckill-%s-%s.tar".formatted(name, version()));
    }

    private static String version() {
        return BuildFacts.of(Path.of(".")).version();
    }

    @ParameterizedTest
    @CsvSource({
        "gateway, io.seckill.gateway.GatewayMain, UseParallelGC",
        "order-worker, io.seckill.worker.WorkerMain, UseParallelGC",
        "schema, io.seckill.schema.SchemaMain, UseSerialGC"
    })
    void shouldSayHowItIsRunAndWhatItIs(String name, String mainClass, String collector) {
        UnpackedImage image = IMAGES.get(name);

        assertEquals(List.of("seckill/" + name + ":" + version()), image.names());
        assertEquals("linux", image.config().getString("os"));
        assertEquals("10001:10001", image.run().getString("User"));
        assertEquals("/", image.run().getString("WorkingDir"));
        assertEquals(List.of("java", "-cp", "@/app/classpath", mainClass), image.entrypoint());
        String flags = image.environment().get("JDK_JAVA_OPTIONS");
        for (String flag : List.of("-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-XX:+" + collector)) {
            assertTrue(flags.contains(flag), flags);
        }
        JsonObject labels = image.run().getJsonObject("Labels");
        assertEquals("seckill/" + name, labels.getString("org.opencontainers.image.title"));
        assertEquals(version(), labels.getString("org.opencontainers.image.version"));
        assertEquals("MIT", labels.getString("org.opencontainers.image.licenses"));
        assertEquals(BuildFacts.of(Path.of("..")).revision(), labels.getString("org.opencontainers.image.revision"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "order-worker", "schema"})
    void shouldHaveNoShellAndNothingThatItsUserCanChange(String name) {
        UnpackedImage image = IMAGES.get(name);

        Set<String> programs = new TreeSet<>();
        image.entries().forEach((path, entry) -> {
            assertEquals(0, entry.getLongUserId(), path);
            assertEquals(0, entry.getLongGroupId(), path);
            assertTrue(entry.isFile() || entry.isDirectory(), path);
            assertEquals(path.equals("tmp") ? 0777 : entry.getMode() & 0755, entry.getMode() & 07777, path);
            if (path.contains("bin/") && entry.isFile()) {
                programs.add(path);
            }
        });
        assertTrue(programs.stream().allMatch(path -> path.startsWith("opt/java/bin/")), programs.toString());
        TarArchiveEntry java = image.entries().get("opt/java/bin/java");
        assertEquals(0755, java.getMode() & 07777);
    }

    @Test
    void shouldBeTheSameToTheByteFromAnotherProcess() throws IOException {
        Path again = folder.resolve("again");
        // Sets and maps have another order in each JVM.
        Executables.Outcome outcome = Executables.run(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SeckillMain.class.getName(),
                        "images",
                        "--out",
                        again.toString()),
                environment(),
                120);

        assertTrue(outcome.ok(), outcome.output());
        for (String name : NAMES) {
            assertEquals(-1, Files.mismatch(tar(tars, name), tar(again, name)), name);
        }
    }

    @Test
    void shouldHoldNeitherSecretsNorPathsOfThisMachine() throws IOException {
        Set<String> secrets = new TreeSet<>(List.of("PRIVATE KEY-----\n", folder.toString()));
        secrets.add(Settings.repository(Path.of(".")).toString());
        secrets.add(System.getProperty("user.home") + "/");
        System.getenv().forEach((variable, value) -> {
            if (variable.matches(".*(PASSWORD|SECRET|TOKEN|KEY|URI).*") && value.length() >= 8) {
                secrets.add(value);
            }
        });
        for (UnpackedImage image : IMAGES.values()) {
            for (String secret : secrets) {
                assertFalse(image.config().encode().contains(secret));
            }
            for (Path file : files(image.root())) {
                assertNoneIn(secrets, file.toString(), Files.readAllBytes(file));
                if (file.getFileName().toString().startsWith("seckill-")) {
                    assertNoneInArchive(secrets, file);
                }
            }
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void assertNoneInArchive(Set<String> secrets, Path jar) throws IOException {
        try (InputStream in = Files.newInputStream(jar);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertNoneIn(secrets, jar + "!" + entry.getName(), zip.readAllBytes());
            }
        }
    }

    /** Which one it is belongs in no log. */
    private static void assertNoneIn(Set<String> secrets, String where, byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        assertTrue(secrets.stream().noneMatch(text::contains), where);
    }

    @ParameterizedTest
    @CsvSource({"gateway, 5", "order-worker, 3", "schema, 3"})
    void shouldNameAllMissingSettingsAndEnd(String name, int missing) throws Exception {
        assumeTrue(Contained.possible(), "needs root");

        try (Contained service = Contained.start(IMAGES.get(name), limited(name))) {
            assertEquals(2, service.exitCode(), service.output());
            assertTrue(service.output().contains(missing + " settings are wrong"), service.output());
            assertTrue(service.output().contains("SECKILL_MYSQL_HOST is not set"), service.output());
        }
    }

    @Test
    void shouldServeFromTheImagesAlone() throws Exception {
        assumeTrue(Contained.possible(), "needs root");
        Settings settings =
                Settings.isolated(Settings.repository(Path.of(".")), folder.resolve("stack"), System.getenv());
        LocalStack stack = new LocalStack(settings, new Progress(System.out));
        try {
            stack.upServers();
            try (Contained schema = Contained.start(IMAGES.get("schema"), with("schema", stack.addresses()))) {
                assertEquals(0, schema.exitCode(), schema.output());
            }
            for (String name : List.of("order-worker", "gateway")) {
                Map<String, String> variables = with(name, stack.addresses());
                String management = Integer.toString(FreePorts.one());
                variables.put("SECKILL_HTTP_PORT", Integer.toString(FreePorts.one()));
                variables.put("SECKILL_MANAGEMENT_PORT", management);
                try (Contained service = Contained.start(IMAGES.get(name), variables)) {
                    URI ready = URI.create("http://127.0.0.1:" + management + "/health/ready");
                    service.awaitThat(name + " is ready", () -> status(ready) == 200);
                    assertTrue(service.mapped().contains("netty_transport_native_epoll"), service.mapped());
                    service.terminate();
                    assertEquals(TERMINATED, service.exitCode());
                    // Something that the base lacks would be missed here.
                    assertFalse(service.output().contains(" WARN "), service.output());
                }
            }
        } finally {
            stack.down();
        }
    }

    private static Map<String, String> limited(String name) {
        return with(name, Map.of());
    }

    private static Map<String, String> with(String name, Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("JDK_JAVA_OPTIONS", IMAGES.get(name).environment().get("JDK_JAVA_OPTIONS") + LIMIT);
        return all;
    }

    private static int status(URI address) {
        try {
            return HTTP.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
