package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.seckill.gateway.GatewayConfig;
import io.seckill.loadtest.StackAddress;
import io.seckill.schema.access.Role;
import io.seckill.worker.WorkerConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a stack writes or shows has a secret of its home in it, whatever goes wrong. */
class SecretsIT {
    private static final String WRONG = "wr0ng-but-a-secret-too";

    @TempDir
    private static Path folder;

    private static final Map<String, Map<String, String>> VARIABLES = new ConcurrentHashMap<>();

    private static Home home;
    private static LocalStack stack;
    private static StackUser user;

    @BeforeAll
    static void up() {
        home = new Home(folder.resolve("home"));
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home.path(), System.getenv());
        stack = new LocalStack(
                settings,
                new Progress(System.out),
                Surroundings.variables(service -> VARIABLES.getOrDefault(service, Map.of())));
        stack.up(2, 1);
        user = new StackUser(stack);
    }

    @AfterAll
    static void down() {
        if (user != null) {
            user.close();
        }
        stack.down();
    }

    @Test
    void shouldNeverShowASecret() throws IOException {
        String saleId = user.openSale(10);
        assertEquals(202, user.buy(saleId, "alice").status());
        user.awaitStored(saleId);

        restartWithWrongPasswords("gateway-1", Role.GATEWAY);
        restartWithWrongPasswords("worker-1", Role.WORKER);
        awaitLog("gateway-1", "WRONGPASS");
        awaitLog("gateway-1", "ACCESS_REFUSED");
        awaitLog("worker-1", "WRONGPASS");
        awaitLog("worker-1", "ACCESS_REFUSED");
        awaitLog("worker-1", "Access denied");
        assertNothingShows();

        stack.kill("gateway-1");
        VARIABLES.put("gateway-1", Map.of(Endpoints.REDIS, "redis:" + WRONG + "@nowhere"));
        stack.again("gateway-1");
        awaitLog("gateway-1", Endpoints.REDIS + " (not shown");

        for (String server : StackRecord.SERVERS) {
            stack.kill(server);
        }
        awaitLog("gateway-2", "Redis at");
        awaitLog("gateway-2", "RabbitMQ at");
        awaitLog("gateway-2", "MySQL at");
        assertNothingShows();
    }

    @Test
    void shouldKeepSecretsToTheirOwner() throws IOException {
        try (Stream<Path> files = Files.list(home.conf())) {
            for (Path file : Stream.concat(files, Stream.of(home.env())).toList()) {
                if (Files.isRegularFile(file) && containsSecret(Files.readString(file))) {
                    assertEquals(
                            "rw-------",
                            java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                            file::toString);
                }
            }
        }
    }

    @Test
    void shouldNotShowSecretsOfAConfiguration() {
        Map<String, String> variables = new TreeMap<>(stack.addresses());
        for (Object shown : List.of(
                GatewayConfig.read(variables::get),
                WorkerConfig.read(variables::get),
                GatewayConfig.read(variables::get).servers().redis(),
                GatewayConfig.read(variables::get).servers(),
                StackRecord.load(home),
                StackAddress.from(variables::get),
                Secrets.of(home))) {
            assertFalse(containsSecret(shown.toString()), shown.getClass()::getName);
        }
    }

    private static void restartWithWrongPasswords(String service, Role role) {
        StackRecord record = StackRecord.load(home);
        String credentials = Secrets.user(role) + ":" + WRONG + "@127.0.0.1:";
        VARIABLES.put(
                service,
                Map.of(
                        Endpoints.REDIS, "redis://" + credentials + record.port(Listener.REDIS, "redis"),
                        Endpoints.AMQP, "amqp://" + credentials + record.port(Listener.AMQP, "rabbitmq"),
                        Endpoints.MYSQL_PASSWORD, WRONG));
        stack.kill(service);
        stack.again(service);
    }

    private static void awaitLog(String process, String text) {
        user.await(process + " says " + text, () -> log(home.log(process)).contains(text));
    }

    private static void assertNothingShows() throws IOException {
        try (Stream<Path> logs = Files.list(home.path().resolve("log"))) {
            for (Path file : logs.toList()) {
                assertFalse(containsSecret(log(file)), () -> "a secret is in " + file);
            }
        }
        int seen = 0;
        for (Path process : processes()) {
            String commandLine = log(process.resolve("cmdline"));
            assertFalse(containsSecret(commandLine), () -> "a secret is on the command line of " + process);
            seen += commandLine.contains(home.path().toString()) ? 1 : 0;
        }
        assertTrue(seen > 1, "at least the services are among " + seen);
    }

    private static List<Path> processes() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .toList();
        }
    }

    private static boolean containsSecret(String text) {
        return secrets().stream().anyMatch(text::contains);
    }

    /** All that the home's file of secrets has, as it is used. */
    private static List<String> secrets() {
        Properties values = new Properties();
        try (Reader reader = Files.newBufferedReader(home.conf().resolve("secrets"))) {
            values.load(reader);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        List<String> secrets = new ArrayList<>(List.of(WRONG));
        values.values().forEach(value -> secrets.add(((String) value).replaceFirst("^[a-z]+:", "")));
        return secrets;
    }

    /** Logs are not always text; a process may have ended. */
    private static String log(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
