package io.seckill.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, small: a stack of its own, Gatling, the audit, the report. */
class LoadTestIT {
    private static final int KEPT = 0;
    private static final int VOID = 3;

    @TempDir
    private Path home;

    @Test
    void shouldPlayAScenarioOnAStackOfItsOwnAndReport() throws IOException {
        Path root = Settings.repository(Path.of("."));
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.put("SECKILL_HOME", home.toString());
        environment.putIfAbsent("SECKILL_PKG", root.resolve(".seckill/pkg").toString());
        Path out = home.resolve("report");

        int exit = SeckillMain.commandLine(environment)
                .execute(
                        "loadtest",
                        "rush",
                        "--users",
                        "300",
                        "--rate",
                        "200",
                        "--stock",
                        "20",
                        "--seed",
                        "7",
                        "--no-ceilings",
                        "--out",
                        out.toString());

        // On a machine that does other things the generator may be late: that is void, and never more than that.
        assertTrue(Set.of(KEPT, VOID).contains(exit), "exit " + exit);
        String page = Files.readString(out.resolve("index.html"));
        assertEquals(exit == VOID, page.contains("class=\"verdict void\""));
        String section = page.substring(page.indexOf("<section"));
        int accepted = count(section, "accepted");
        int refused = count(section, "refused");
        int unknown = count(section, "unknown");
        assertEquals(20, count(section, "stored"), section);
        // Who is told to come back, as on a machine that does other things, is refused once more when she does.
        assertTrue(accepted + unknown >= 20 && accepted <= 20, section);
        assertTrue(refused + unknown >= 280, section);
        assertTrue(page.contains("loadtest rush --users 300") || page.contains("--seed 7"));
        assertFalse(page.contains("https://"));
        String gatling = page.replaceAll("(?s).*<a href=\"(rush/[^\"]*)\">Gatling.*", "$1");
        assertTrue(Files.exists(out.resolve(gatling)), gatling);
        assertFalse(new LocalStack(
                        Settings.from(
                                Map.of("SECKILL_HOME", home.resolve("loadtest").toString()), root),
                        Progress.silent())
                .running());
    }

    private static int count(String section, String what) {
        Matcher number = Pattern.compile("<b>([0-9,]+) " + what + "</b>").matcher(section);
        assertTrue(number.find(), section);
        return Integer.parseInt(number.group(1).replace(",", ""));
    }
}
