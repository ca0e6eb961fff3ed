package io.seckill.loadtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The verdict on one sale, a line per rule: the system's own audit, MySQL looked at from outside, and both against what
 * clients were told. Made by {@link Auditor}.
 *
 * @param sold units of active orders in MySQL, counted there one by one
 */
public record AuditReport(String saleId, long sold, List<Line> lines) {

    /**
     * One rule and how the sale stands to it.
     *
     * @param value as a person reads it
     * @param explanation the rule, or what broke it
     */
    public record Line(String name, String value, boolean ok, String explanation) {}

    public AuditReport {
        lines = List.copyOf(lines);
    }

    /** True only if every single line is. */
    public boolean balanced() {
        return lines.stream().allMatch(Line::ok);
    }

    /** The lines that are not ok. */
    public List<Line> failures() {
        return lines.stream().filter(line -> !line.ok()).toList();
    }

    static AuditReport of(String saleId, GatewayAudit gateway, Ledger ledger) {
        Lines lines = new Lines();
        equation(lines, gateway);
        lines.add(
                "stock in MySQL",
                number(ledger.stock()),
                ledger.stock() == gateway.stock(),
                "the gateway counts " + number(gateway.stock()));
        lines.add(
                "active orders' units",
                number(ledger.activeUnits()),
                ledger.activeUnits() <= ledger.stock(),
                "pending_payment and paid in MySQL, at most the stock of " + number(ledger.stock()));
        lines.add(
                "sold in MySQL",
                number(ledger.sold()),
                ledger.sold() == ledger.activeUnits(),
                "the sale's counter, equal to its active orders' " + number(ledger.activeUnits()));
        lines.add(
                "users with two",
                number(ledger.usersWithSeveral()),
                ledger.usersWithSeveral() == 0,
                "at most one active order a user");
        if (ledger.hasHistory()) {
            promises(lines, ledger);
        }
        return new AuditReport(saleId, ledger.activeUnits(), lines.made);
    }

    private static void equation(Lines lines, GatewayAudit gateway) {
        lines.term("remaining", gateway.remaining(), "units that can still be bought");
        lines.term("+ inFlight", gateway.inFlight(), "accepted, on the way to MySQL");
        lines.term("+ pendingPayment", gateway.pendingPayment(), "ordered, not yet paid");
        lines.term("+ paid", gateway.paid(), "ordered and paid");
        lines.term("+ restocking", gateway.restocking(), "given back, not yet for sale again");
        lines.term("+ deadLettered", gateway.deadLettered(), "could not be stored, kept for the operator");
        long sum = gateway.accountedFor();
        lines.add(
                "= stock",
                number(gateway.stock()),
                gateway.stock() == sum,
                (gateway.stock() == sum ? "every unit is accounted for: " : "these add up to " + number(sum) + ": ")
                        + gateway.equation());
        lines.add("oversold", number(gateway.oversold()), gateway.oversold() == 0, "sold beyond the stock");
        lines.add("lost", number(gateway.lost()), gateway.lost() == 0, "accepted and nowhere to be found");
        lines.add("balanced", gateway.balanced() ? "yes" : "no", gateway.balanced(), "the gateway's own verdict");
    }

    private static void promises(Lines lines, Ledger ledger) {
        long lost = ledger.promised() - ledger.kept();
        lines.add(
                "promises kept",
                number(ledger.kept()),
                lost == 0,
                lost == 0
                        ? "every 202's order is in MySQL under its buyer"
                        : number(lost) + " of " + number(ledger.promised()) + " are not in MySQL, e.g. "
                                + String.join(", ", ledger.lostExamples()));
        lines.add(
                "buyers with two ids",
                number(ledger.buyersWithSeveralIds()),
                ledger.buyersWithSeveralIds() == 0,
                "one order id on all 202s of a buyer, until that order is cancelled or has expired");
        lines.add(
                "orders unasked for",
                number(ledger.strangers()),
                ledger.strangers() == 0,
                ledger.strangers() == 0
                        ? "nobody has an order without a 202"
                        : "in MySQL without a 202, e.g. " + String.join(", ", ledger.strangeExamples()));
    }

    /** The report as a table, without a line break at the end. */
    public String render() {
        TextTable table = new TextTable();
        for (Line line : lines) {
            table.row(line.ok() ? "✓" : "✗", line.name(), line.value(), line.explanation());
        }
        return table.render();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Collects lines in the order in which a person checks them. */
    private static final class Lines {

        private final List<Line> made = new ArrayList<>();

        void add(String name, String value, boolean ok, String explanation) {
            made.add(new Line(name, value, ok, explanation));
        }

        /** No term may be negative: a negative one would let the sum come out right by cancelling a surplus. */
        void term(String name, long units, String explanation) {
            add(name, number(units), units >= 0, units >= 0 ? explanation : "negative: units were given away twice");
        }
    }
}
