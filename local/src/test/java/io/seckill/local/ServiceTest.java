package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.local.images.BuildFacts;
import io.seckill.schema.access.Role;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceTest {
    private static final Secrets SECRETS = new Secrets(
            "r3d15",
            "4mqp",
            "my5ql",
            "local:key",
            "p4ym3nt",
            Map.of(Role.GATEWAY, "g4t3", Role.WORKER, "w0rk", Role.SCHEMA, "5ch3m4"));
    private static final StackRecord STACK = new StackRecord(
            List.of("gateway-1", "gateway-2", "worker-1", "payments"),
            Map.of("gateway-1.http", 7001, "gateway-2.http", 7002, "payments.http", 7003),
            Map.of());

    private static final String GATEWAY_JAR = "seckill-gateway-" + BuildFacts.projectVersion() + ".jar";

    @TempDir
    private Path root;

    private Service service;

    @BeforeEach
    void open() throws IOException {
        jar(GATEWAY_JAR, "META-INF/seckill-gateway.classpath", "/app/lib/http.jar:/app/lib/redis.jar");
        for (String library : List.of("http.jar", "redis.jar", "of-the-worker.jar")) {
            Files.createFile(root.resolve(library));
        }
        service = service(Map.of("SECKILL_PAYMENT_SECRETS", "of-another-home"));
    }

    private Service service(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("SECKILL_APP", root.toString());
        return new Service(Settings.from(environment, root), new Home(root), STACK, SECRETS, Surroundings.USUAL);
    }

    @Test
    void shouldTellGatewaysAndTheProviderOfEachOther() {
        Map<String, String> gateway = service.service("gateway-2").environment();
        Map<String, String> payments = service.service("payments").environment();

        assertEquals("http://127.0.0.1:7003", gateway.get("SECKILL_PAYMENT_URL"));
        assertEquals("p4ym3nt", gateway.get("SECKILL_PAYMENT_SECRETS"));
        assertEquals("p4ym3nt", payments.get("SECKILL_PAYMENT_SECRETS"));
        assertEquals("7003", payments.get("SECKILL_PAYMENTS_PORT"));
        assertEquals("http://127.0.0.1:7001,http://127.0.0.1:7002", payments.get("SECKILL_PAYMENT_GATEWAYS"));
    }

    @Test
    void shouldLetAnybodySignInWhereUsersAreItsOwn() {
        assertEquals("true", demo(Map.of()));
        assertEquals("false", demo(Map.of("SECKILL_DEMO_IDENTITY", "false")));
        assertNull(demo(Map.of("SECKILL_JWT_KEYS", "prod:key")));
        assertNull(demo(Map.of("SECKILL_JWKS_URL", "https://issuer.example/keys")));
        assertNull(service.service("payments").environment().get("SECKILL_DEMO_IDENTITY"));
        assertEquals("/demo/sign-in", service.service("gateway-1").environment().get("SECKILL_SIGN_IN_URL"));
    }

    private String demo(Map<String, String> variables) {
        return service(variables).service("gateway-1").environment().get("SECKILL_DEMO_IDENTITY");
    }

    @Test
    void shouldKeepTheProviderSmallAndAwayFromTheServers() {
        Launch payments = service.service("payments");

        assertTrue(payments.command().contains("-Xmx64m"), payments.toString());
        assertTrue(payments.command().contains("io.seckill.local.payments.PaymentProviderMain"), payments.toString());
        assertFalse(payments.environment().containsValue("my5ql"));
    }

    @Test
    void shouldRunEachServiceFromItsOwnJarsAlone() {
        assertEquals(List.of(GATEWAY_JAR, "http.jar", "redis.jar"), jarsOf("gateway-1"));
        List<String> payments = jarsOf("payments");
        assertEquals(List.of(GATEWAY_JAR, "http.jar", "redis.jar"), payments.subList(1, payments.size()));
    }

    @Test
    void shouldNameTheJarThatIsNotThere() throws IOException {
        Files.delete(root.resolve("redis.jar"));

        LaunchFailure failure = assertThrows(LaunchFailure.class, () -> service.service("gateway-1"));

        assertTrue(failure.getMessage().contains(root.resolve("redis.jar").toString()), failure.getMessage());
    }

    private List<String> jarsOf(String name) {
        List<String> command = service.service(name).command();
        return Stream.of(command.get(command.indexOf("-cp") + 1).split(File.pathSeparator))
                .map(jar -> Path.of(jar).getFileName().toString())
                .toList();
    }

    private void jar(String name, String entry, String text) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(root.resolve(name)))) {
            jar.putNextEntry(new ZipEntry(entry));
            jar.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
