package io.seckill.local.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The accessibility checks of axe-core, all of its rules. */
public final class Axe {
    private static final String SCRIPT = "/axe.min.js";
    private static final String RUN = """
            const done = arguments[arguments.length - 1];
            axe.run(document).then(
              (found) => done(found.violations.map((one) =>
                one.id + ' (' + one.help + '): ' + one.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | '))),
              (failure) => done(['axe itself: ' + failure]));
            """;

    private Axe() {}

    /** Fails with all violations of the page that shows. */
    public static void check(Browser browser, String what) {
        browser.script(source());
        assertEquals(List.of(), browser.asyncScript(RUN), () -> "accessibility of " + what);
    }

    private static String source() {
        try (InputStream in = Axe.class.getResourceAsStream(SCRIPT)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
