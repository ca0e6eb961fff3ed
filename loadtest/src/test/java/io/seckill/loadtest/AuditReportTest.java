package io.seckill.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of damage must make the audit fail, and on the line that names it: an audit that cannot fail is none. */
class AuditReportTest {

    static final ClientHistory TOLD =
            new ClientHistory(Map.of("ann", Set.of("o1"), "bob", Set.of("o2")), Set.of("cy"), Set.of("dora"));

    static JsonObject json() {
        return new JsonObject()
                .put("stock", 5)
                .put("remaining", 3)
                .put("inFlight", 0)
                .put("pendingPayment", 1)
                .put("paid", 1)
                .put("restocking", 0)
                .put("oversold", 0)
                .put("lost", 0)
                .put("deadLettered", 0)
                .put("balanced", true);
    }

    static Ledger ledger(long stock, long sold, ClientHistory history) {
        return new Ledger(stock, sold, Optional.ofNullable(history));
    }

    /** Nobody asks when, unless a buyer was told of several orders. */
    static StoredOrder order(String orderId, String user, long quantity, String state) {
        return order(orderId, user, quantity, state, 0, 0);
    }

    /** @param settledAtMs when it left pending_payment; of no meaning while it is in that state */
    static StoredOrder order(
            String orderId, String user, long quantity, String state, long createdAtMs, long settledAtMs) {
        Instant settled = state.equals("pending_payment") ? null : Instant.ofEpochMilli(settledAtMs);
        return new StoredOrder(orderId, user, quantity, state, Instant.ofEpochMilli(createdAtMs), settled);
    }

    static Ledger healthy() {
        Ledger ledger = ledger(5, 2, TOLD);
        ledger.enter(order("o1", "ann", 1, "pending_payment"));
        ledger.enter(order("o2", "bob", 1, "paid"));
        return ledger;
    }

    static AuditReport report(JsonObject gateway, Ledger ledger) {
        return AuditReport.of("s1", GatewayAudit.of(gateway), ledger.close());
    }

    static void assertFailsOnlyOn(AuditReport report, String... names) {
        assertFalse(report.balanced());
        assertEquals(
                List.of(names),
                report.failures().stream().map(AuditReport.Line::name).toList());
    }

    @Test
    void shouldBalanceAHealthySale() {
        AuditReport report = report(json(), healthy());

        assertTrue(report.balanced(), report::render);
        assertEquals(2, report.sold());
    }

    @Test
    void shouldBalanceWithoutAHistory() {
        Ledger ledger = ledger(5, 2, null);
        ledger.enter(order("o1", "ann", 1, "pending_payment"));
        ledger.enter(order("o2", "bob", 1, "paid"));

        AuditReport report = report(json(), ledger);

        assertTrue(report.balanced(), report::render);
        assertFalse(report.render().contains("promises"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"remaining", "inFlight", "pendingPayment", "paid", "restocking", "deadLettered"})
    void shouldFailIfATermIsOff(String term) {
        JsonObject gateway = json();
        gateway.put(term, gateway.getLong(term) + 1);

        AuditReport report = report(gateway, healthy());

        assertFailsOnlyOn(report, "= stock");
        assertTrue(report.render().contains("add up to 6"), report::render);
    }

    @Test
    void shouldNotLetANegativeTermHideASurplus() {
        assertFailsOnlyOn(report(json().put("remaining", -1).put("restocking", 4), healthy()), "remaining");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oversold", "lost"})
    void shouldFailOnWhatTheGatewayItselfAdmits(String admitted) {
        assertFailsOnlyOn(report(json().put(admitted, 1), healthy()), admitted);
    }

    @Test
    void shouldFailIfTheGatewayCallsItselfUnbalanced() {
        assertFailsOnlyOn(report(json().put("balanced", false), healthy()), "balanced");
    }

    @Test
    void shouldFailIfMySqlHasAnotherStock() {
        Ledger ledger = ledger(6, 0, null);

        assertFailsOnlyOn(report(json(), ledger), "stock in MySQL");
    }

    @Test
    void shouldFailIfMySqlDoesNotKnowTheSale() {
        assertFalse(report(json(), ledger(0, 0, null)).balanced());
    }

    @Test
    void shouldRefuseAnAuditWithMissingTerms() {
        JsonObject gateway = json().put("paid", "1");
        gateway.remove("lost");
        gateway.remove("balanced");

        String message = assertThrows(IllegalArgumentException.class, () -> GatewayAudit.of(gateway))
                .getMessage();

        assertTrue(message.contains("paid, lost, balanced"), message);
    }

    @Test
    void shouldRenderALinePerRule() {
        AuditReport report = report(json(), healthy());
        String[] lines = report.render().split(System.lineSeparator());

        assertEquals(report.lines().size(), lines.length);
        assertTrue(lines[6].contains("✓  = stock"), lines[6]);
        assertTrue(lines[6].contains("5 = 3 + 0 + 1 + 1 + 0 + 0"), lines[6]);
    }
}
