package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    private Path root;

    @Test
    void shouldHaveADefaultForEverything() throws Exception {
        Settings settings = Settings.from(Map.of(), root);

        assertEquals(root.toRealPath().resolve(".seckill"), settings.home());
        assertEquals(settings.home().resolve("pkg"), settings.packages());
        assertEquals(root.toRealPath().resolve("local/target/lib"), settings.app());
        assertEquals(Map.of(), settings.moved());
        assertEquals(List.of(Settings.JVM_OPTIONS.split(" ")), settings.gatewayOptions());
    }

    @Test
    void shouldTakeWhatTheVariablesSay() throws Exception {
        Settings settings = Settings.from(
                Map.of(
                        "SECKILL_HOME",
                        root.resolve("a/../b").toString(),
                        "SECKILL_PKG",
                        root.resolve("p").toString(),
                        "SECKILL_HTTP_PORT",
                        "7000",
                        "SECKILL_WORKER_OPTS",
                        " -Xmx1g  -Da=b "),
                root);

        assertEquals(root.toRealPath().resolve("b"), settings.home());
        assertEquals(root.toRealPath().resolve("p"), settings.packages());
        assertEquals(Map.of(Listener.HTTP, 7000), settings.moved());
        assertEquals(List.of("-Xmx1g", "-Da=b"), settings.workerOptions());
    }

    @Test
    void shouldSayAllThatIsWrongAtOnce() {
        LaunchFailure failure = assertThrows(
                LaunchFailure.class,
                () -> Settings.from(Map.of("SECKILL_HTTP_PORT", "http", "SECKILL_REDIS_PORT", "70000"), root));

        assertTrue(failure.getMessage().contains("SECKILL_HTTP_PORT is 'http'"), failure.getMessage());
        assertTrue(failure.getMessage().contains("SECKILL_REDIS_PORT is '70000'"), failure.getMessage());
    }

    @Test
    void shouldLeaveAnotherServersPortToThatServer() {
        Settings settings = Settings.from(Map.of("SECKILL_MYSQL_HOST", "db", "SECKILL_MYSQL_PORT", "3306"), root);

        assertEquals(Map.of(), settings.moved());
    }

    @Test
    void shouldIsolateAStackFromServersAndPortsOfTheEnvironment() {
        Settings settings = Settings.isolated(
                root,
                root.resolve("home"),
                Map.of(
                        "SECKILL_REDIS_URI",
                        "redis://other",
                        "SECKILL_WORKER_OPTS",
                        "-Xmx1g",
                        "SECKILL_PKG",
                        root.resolve("p").toString()));

        assertFalse(settings.environment().containsKey("SECKILL_REDIS_URI"));
        assertEquals(root.resolve("p").getFileName(), settings.packages().getFileName());
        assertEquals(List.of("-Xmx1g"), settings.workerOptions());
        assertEquals(Listener.values().length, new HashSet<>(settings.moved().values()).size());
    }

    @Test
    void shouldKeepSecretsOutOfItsText() {
        String text =
                Settings.from(Map.of("SECKILL_MYSQL_PASSWORD", "hunter2"), root).toString();

        assertFalse(text.contains("hunter2"), text);
    }
}
