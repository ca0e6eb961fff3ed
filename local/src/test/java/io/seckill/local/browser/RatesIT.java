package io.seckill.local.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.seckill.local.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the console makes figures of the whole system out of heartbeats: its script alone, in a browser. */
class RatesIT {
    private static final String HEARD = """
            const gateway = (id, uptimeMs, accepted, latency, silent = false) =>
              ({ id, role: 'gateway', uptimeMs, counts: { accepted }, latency, silent });
            const tell = value => (value === null ? 'none' : value.toFixed(4));
            """;

    @TempDir
    private static Path home;

    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start(Settings.isolated(Settings.repository(Path.of(".")), home, System.getenv()));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void shouldAddUpWhatProcessesCountByTheirOwnClocks() throws IOException {
        assertEquals("none 55.0000 none", of("""
                rates.take([gateway('a', 1000, 0, []), gateway('b', 9000, 500, [])]);
                const before = rates.perSecond('gateway', 'accepted');
                rates.take([gateway('a', 3000, 90, []), gateway('b', 10000, 510, [])]);
                return [before, rates.perSecond('gateway', 'accepted'), rates.perSecond('worker', 'stored')];
                """));
    }

    @Test
    void shouldCountNobodyWhoIsSilentOrGone() throws IOException {
        assertEquals("55.0000 45.0000 none", of("""
                const b = (uptimeMs, accepted, silent) => gateway('b', uptimeMs, accepted, [], silent);
                rates.take([gateway('a', 1000, 0, []), b(9000, 500)]);
                rates.take([gateway('a', 3000, 90, []), b(10000, 510)]);
                const both = rates.perSecond('gateway', 'accepted');
                rates.take([gateway('a', 3000, 90, []), b(10000, 510, true)]);
                const one = rates.perSecond('gateway', 'accepted');
                rates.take([]);
                return [both, one, rates.perSecond('gateway', 'accepted')];
                """));
    }

    @Test
    void shouldNotTakeANewLifeForARate() throws IOException {
        assertEquals("10.0000", of("""
                rates.take([gateway('a', 1000, 0, []), gateway('b', 9000, 500, [])]);
                rates.take([gateway('a', 2000, 10, []), gateway('c', 100, 7000, [])]);
                return [rates.perSecond('gateway', 'accepted')];
                """));
    }

    @Test
    void shouldReadPercentilesFromAllGatewaysTogether() throws IOException {
        assertEquals("0.1900 0.0556 none", of("""
                rates.take([gateway('a', 1000, 0, [[0.1, 0], [0.2, 0], [null, 0]]),
                  gateway('b', 9000, 50, [[0.1, 50], [0.2, 50], [null, 50]])]);
                const nothing = rates.quantile(0.99);
                rates.take([gateway('a', 3000, 90, [[0.1, 90], [0.2, 90], [null, 90]]),
                  gateway('b', 10000, 60, [[0.1, 50], [0.2, 60], [null, 60]])]);
                return [rates.quantile(0.99), rates.quantile(0.5), nothing];
                """));
    }

    private static String of(String script) throws IOException {
        try (InputStream in = RatesIT.class.getResourceAsStream("/console/rates.js")) {
            String module = "data:text/javascript;base64," + Base64.getEncoder().encodeToString(in.readAllBytes());
            return (String) browser.asyncScript(
                    "const [module, done] = arguments; import(module).then(({ Rates }) => { const rates = new Rates();"
                            + HEARD + "const told = () => {" + script + "};"
                            + "done(told().map(tell).join(' ')); }).catch(error => done(String(error)));",
                    module);
        }
    }
}
