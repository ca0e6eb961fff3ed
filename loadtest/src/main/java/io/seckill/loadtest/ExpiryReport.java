package io.seckill.loadtest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a measurement of expiry shows, and whether it is good enough. A pure function of what was measured.
 *
 * @param accepted orders that were bought
 * @param buying how long that took, from the first arrival to the last 202
 * @param lag as MySQL has it
 * @param swept orders that a sweep expired, because the broker had not reminded of them
 * @param buyable from the end of the last payment window until all gateways showed every unit as free; null if they never
 *     did
 */
record ExpiryReport(
        ExpiryMeasurement.Options options, int accepted, Duration buying, ExpiryLag lag, long swept, Duration buyable) {

    /** Of 99 in 100 orders. */
    static final Duration TARGET = Duration.ofSeconds(1);

    /** What went wrong, in words; empty if nothing did. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (accepted < options.orders()) {
            problems.add("only " + number(accepted) + " orders were accepted");
        }
        if (lag.latency().count() != accepted || lag.others() > 0) {
            problems.add(number(lag.latency().count()) + " orders expired, " + number(lag.others()) + " did not");
        }
        if (lag.early() > 0) {
            problems.add(number(lag.early()) + " orders expired too early");
        }
        if (lag.latency().p99() > TARGET.toMillis()) {
            problems.add("p99 is above " + TARGET.toMillis() + " ms");
        }
        if (buyable == null) {
            problems.add("not every unit came back");
        }
        return problems;
    }

    boolean ok() {
        return problems().isEmpty();
    }

    String render() {
        Latency late = lag.latency();
        String window = String.format(
                Locale.ROOT,
                "bought within %.1f s, to be paid within %d s",
                buying.toMillis() / 1_000.0,
                options.windowSeconds());
        return new TextTable()
                        .row("", "orders", number(accepted), window)
                        .row(
                                "",
                                "expired",
                                number(late.count()),
                                "by MySQL's clock, after the end of the payment window:")
                        .row("", "  p50", millis(late.p50()), "")
                        .row("", "  p99", millis(late.p99()), "at most " + TARGET.toMillis() + " ms are wanted")
                        .row("", "  max", millis(late.max()), "")
                        .row("", "swept", number(swept), "of them, without a reminder by the broker")
                        .row(
                                "",
                                "buyable",
                                buyable == null ? "never" : millis((double) buyable.toMillis()),
                                "the last unit, on all gateways, after the end of the last window")
                        .render()
                + System.lineSeparator()
                + verdict();
    }

    private String verdict() {
        return ok() ? "OK" : "FAILED: " + String.join("; ", problems());
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, "%,.0f ms", value);
    }
}
