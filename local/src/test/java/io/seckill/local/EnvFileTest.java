package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileTest {
    @Test
    void shouldRenderAnAssignmentALineInOrder() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("SECKILL_GATEWAYS", "http://127.0.0.1:8080 http://127.0.0.1:8081");
        variables.put("SECKILL_MYSQL_PORT", "13306");

        assertEquals(
                "SECKILL_GATEWAYS=\"http://127.0.0.1:8080 http://127.0.0.1:8081\"\nSECKILL_MYSQL_PORT=\"13306\"\n",
                EnvFile.render(variables));
    }

    @Test
    void shouldEscapeWhatAShellWouldInterpret() {
        assertEquals("\"a\\$b\\`c\\\"d\\\\e'f g\"", EnvFile.quote("a$b`c\"d\\e'f g"));
    }

    @Test
    void shouldBeReadableByItsOwnerOnly(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("env");

        EnvFile.write(file, Map.of("A", "1"));
        EnvFile.write(file, Map.of("A", "2"));

        assertEquals("A=\"2\"\n", Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
}
