package io.seckill.loadtest.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * What a whole run comes to. A broken promise weighs more than a generator that was starved: the audit does not depend on
 * how punctual anybody was.
 *
 * @param text for the terminal and the report
 */
public record Verdict(Kind kind, String text) {

    /** With the exit code of the command. */
    public enum Kind {
        /** Every promise was kept, and the figures count. */
        KEPT(0),
        BROKEN(1),
        /** Every promise was kept, but the generator did not keep to its schedule: the figures are worth nothing. */
        VOID(3);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    static Verdict of(List<ScenarioResult> results) {
        List<String> broken = new ArrayList<>();
        List<String> starved = new ArrayList<>();
        for (ScenarioResult result : results) {
            String title = result.scenario().title();
            result.problems().forEach(problem -> broken.add(title + ": " + problem));
            result.voidReason().ifPresent(reason -> starved.add(title + ": " + reason));
        }
        if (!broken.isEmpty()) {
            return new Verdict(Kind.BROKEN, "FAILED: " + String.join("; ", broken));
        }
        if (!starved.isEmpty()) {
            return new Verdict(Kind.VOID, "VOID: every promise was kept, but " + String.join("; ", starved));
        }
        long sales =
                results.stream().mapToLong(result -> result.audits().size()).sum();
        return new Verdict(Kind.KEPT, "KEPT: all %,d sales balance; nothing lost, nothing oversold.".formatted(sales));
    }
}
