package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three servers for real, in a home so deep that a Unix socket could not be in it. */
class ServersIT {
    private static final List<String> SERVERS = List.of("redis", "rabbitmq", "mysql");

    @TempDir
    private Path folder;

    private LocalStack stack;

    @BeforeEach
    void openStack() {
        Path home = folder.resolve("a-folder-with-a-long-name/".repeat(5)).resolve("home");
        Settings settings = Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv());
        stack = new LocalStack(settings, new Progress(System.out));
    }

    @AfterEach
    void stopStack() {
        stack.down();
    }

    @Test
    void shouldStartCompleteAndStopTheServers() throws SQLException {
        assertEquals(SERVERS.size(), stack.upServers().size());
        assertTrue(stack.status().stream().allMatch(line -> line.state() == ProcessStatus.State.READY));
        assertEquals(List.of(), stack.upServers());
        assertDatabaseIsOurs();

        OptionalLong redis = stack.live("redis");
        OptionalLong rabbit = stack.live("rabbitmq");
        stack.kill("rabbitmq");
        stack.kill("mysql");
        assertEquals(List.of("rabbitmq", "mysql"), stack.upServers());
        assertEquals(redis, stack.live("redis"));
        assertNotEquals(rabbit, stack.live("rabbitmq"));
        assertDatabaseIsOurs();

        Path env = stack.envFile();
        assertTrue(Files.exists(env));
        stack.down();
        assertEquals(List.of(), stack.status());
        assertFalse(Files.exists(env));
        for (String server : SERVERS) {
            assertTrue(stack.live(server).isEmpty(), server);
        }
    }

    /** Tests make databases of their own beside the stack's. */
    private void assertDatabaseIsOurs() throws SQLException {
        Map<String, String> address = stack.addresses();
        String url = "jdbc:mariadb://%s:%s/%s"
                .formatted(
                        address.get("SECKILL_MYSQL_HOST"),
                        address.get("SECKILL_MYSQL_PORT"),
                        address.get("SECKILL_MYSQL_DATABASE"));
        try (Connection connection = DriverManager.getConnection(
                        url, address.get("SECKILL_MYSQL_USER"), address.get("SECKILL_MYSQL_PASSWORD"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS probe (id INT)");
            statement.execute("CREATE DATABASE IF NOT EXISTS seckill_other");
            statement.execute("DROP DATABASE seckill_other");
        }
    }
}
