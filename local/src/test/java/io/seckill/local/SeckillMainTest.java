package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SeckillMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Map<String, String> environment, String... arguments) {
        CommandLine line = SeckillMain.commandLine(environment);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    @Test
    void shouldHelpWithEveryVariableAndItsDefault() {
        assertEquals(0, run(Map.of(), "--help"));

        for (Listener listener : Listener.values()) {
            assertTrue(out.toString().contains(listener.variable), listener.variable);
            assertTrue(out.toString().contains("(" + listener.preset + ")"), listener.variable);
        }
        assertTrue(out.toString().contains("SECKILL_HOME"));
        assertTrue(out.toString().contains("./seckill demo"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "up",
                "down",
                "status",
                "token",
                "audit",
                "measure",
                "chaos",
                "images",
                "loadtest",
                "test"
            })
    void shouldHelpWithEveryCommand(String command) {
        assertEquals(0, run(Map.of(), command, "--help"));

        assertTrue(out.toString().contains("Usage: seckill " + command), out.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fly",
                "--fly",
                "up --fly",
                "up --gateways 0",
                "up --workers many",
                "up --servers --observe",
                "token",
                "token --user a --count 2",
                "token --user a\u00e4",
                "token --count 0",
                "audit",
                "measure",
                "measure speed",
                "measure expiry --orders 0",
                "measure expiry --window 3601",
                "loadtest flood",
                "loadtest rush --rate 0",
                "loadtest rush --users 10 --duration 2 --rate 7",
                "loadtest rush --target http://127.0.0.1:1",
                "measure growth --seconds 5",
                "chaos --rounds 0",
                "chaos --pairs 101",
                "chaos --faults kill-bill",
                "chaos --rounds 2 --round 3",
                "images --base eclipse-temurin:17-jre",
                "images --base eclipse-temurin@sha256:17",
                "images --base tar:///no/such/file",
                "images --base tar://",
                "images --out"
            })
    void shouldExitWithTwoAndHelpWhenAskedWrongly(String line) {
        assertEquals(2, run(Map.of(), line.isEmpty() ? new String[0] : line.split(" ")));

        assertTrue(err.toString().contains("Usage: seckill"), err.toString());
    }

    @Test
    void shouldRefuseAUserIdWithASpaceOrTooLong() {
        assertEquals(2, run(Map.of(), "token", "--user", "a b"));
        assertEquals(2, run(Map.of(), "token", "--user", "x".repeat(65)));
        assertEquals(2, run(Map.of(), "token", "--count", "10", "--prefix", "x".repeat(63)));
    }

    @Test
    void shouldSayWhatIsWrongInOneLine() {
        assertEquals(1, run(Map.of("SECKILL_HTTP_PORT", "x"), "status"));

        assertEquals(
                "seckill: SECKILL_HTTP_PORT is 'x'; it must be a port, 1 to 65535",
                err.toString().trim());
    }

    @Test
    void shouldShowTheStackTraceWhenAskedTo() {
        assertEquals(1, run(Map.of("SECKILL_HTTP_PORT", "x", "SECKILL_DEBUG", "1"), "status"));

        assertTrue(err.toString().contains("\tat io.seckill.local."), err.toString());
        assertFalse(out.toString().contains("\tat "));
    }
}
