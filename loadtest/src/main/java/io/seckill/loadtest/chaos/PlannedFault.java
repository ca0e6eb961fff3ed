package io.seckill.loadtest.chaos;

import java.util.Locale;

/**
 * One fault of a round.
 *
 * @param target a process, or a link as {@link #link} names it
 * @param startMs from the arrival of the first shopper; negative for what happens before
 * @param lengthMs from then to its end
 * @param amount of a delay in milliseconds, of a skew in seconds; else 0
 */
public record PlannedFault(FaultKind kind, String target, int startMs, int lengthMs, int amount) {

    private static final char ARROW = '>';

    /** A service's way to a server. */
    public static String link(String service, String server) {
        return service + ARROW + server;
    }

    boolean isCompatibleWith(PlannedFault other) {
        return !target.equals(other.target);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s %s%s at %.1f s for %.1f s",
                kind.title(),
                target,
                switch (kind) {
                    case DELAY -> " by " + amount + " ms";
                    case CLOCK_SKEW -> String.format(Locale.ROOT, " by %+d s", amount);
                    default -> "";
                },
                startMs / 1e3,
                lengthMs / 1e3);
    }
}
