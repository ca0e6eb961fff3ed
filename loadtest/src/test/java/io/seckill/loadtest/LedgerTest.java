package io.seckill.loadtest;

import static io.seckill.loadtest.AuditReportTest.TOLD;
import static io.seckill.loadtest.AuditReportTest.assertFailsOnlyOn;
import static io.seckill.loadtest.AuditReportTest.json;
import static io.seckill.loadtest.AuditReportTest.ledger;
import static io.seckill.loadtest.AuditReportTest.report;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage that only MySQL's rows show, alone or against what clients were told. */
class LedgerTest {

    @Test
    void shouldFailIfMoreIsActiveThanThereIs() {
        Ledger ledger = ledger(5, 6, null);
        for (int i = 0; i < 6; i++) {
            ledger.enter("o" + i, "u" + i, 1, "paid");
        }

        assertFailsOnlyOn(report(json(), ledger), "active orders' units");
    }

    @Test
    void shouldCountUnitsAndNotOrders() {
        Ledger ledger = ledger(5, 6, null);
        ledger.enter("o1", "ann", 3, "paid");
        ledger.enter("o2", "bob", 3, "pending_payment");

        assertFailsOnlyOn(report(json(), ledger), "active orders' units");
    }

    @Test
    void shouldFailIfTheCounterDisagreesWithTheOrders() {
        Ledger ledger = ledger(5, 3, null);
        ledger.enter("o1", "ann", 1, "paid");
        ledger.enter("o2", "bob", 1, "cancelled");

        assertFailsOnlyOn(report(json(), ledger), "sold in MySQL");
    }

    @Test
    void shouldFailIfAUserHasTwoActiveOrders() {
        Ledger ledger = ledger(5, 2, null);
        ledger.enter("o1", "ann", 1, "paid");
        ledger.enter("o2", "ann", 1, "pending_payment");

        assertFailsOnlyOn(report(json(), ledger), "users with two");
    }

    @Test
    void shouldAllowABuyAfterACancel() {
        Ledger ledger = ledger(5, 1, null);
        ledger.enter("o1", "ann", 1, "cancelled");
        ledger.enter("o2", "ann", 1, "expired");
        ledger.enter("o3", "ann", 1, "pending_payment");

        AuditReport report = report(json(), ledger);

        assertTrue(report.balanced(), report::render);
    }

    @Test
    void shouldFailIfAnAcceptedOrderIsLost() {
        Ledger ledger = ledger(5, 1, TOLD);
        ledger.enter("o1", "ann", 1, "pending_payment");

        AuditReport report = report(json(), ledger);

        assertFailsOnlyOn(report, "promises kept");
        assertTrue(report.render().contains("bob/o2"), report::render);
    }

    @Test
    void shouldNotTakeARejectedRowForAKeptPromise() {
        Ledger ledger = ledger(5, 1, TOLD);
        ledger.enter("o1", "ann", 1, "pending_payment");
        ledger.enter("o2", "bob", 1, "rejected");

        assertFailsOnlyOn(report(json(), ledger), "promises kept");
    }

    @Test
    void shouldFailIfAnOrderIsStoredUnderAnotherUser() {
        Ledger ledger = ledger(5, 2, TOLD);
        ledger.enter("o1", "bob", 1, "pending_payment");
        ledger.enter("o2", "ann", 1, "paid");

        assertFailsOnlyOn(report(json(), ledger), "promises kept", "orders unasked for");
    }

    @Test
    void shouldFailIfOneBuyerWasToldTwoIds() {
        ClientHistory told = new ClientHistory(Map.of("ann", Set.of("o1", "o2")), Set.of(), Set.of());
        Ledger ledger = ledger(5, 1, told);
        ledger.enter("o1", "ann", 1, "paid");
        ledger.enter("o2", "ann", 1, "cancelled");

        assertFailsOnlyOn(report(json(), ledger), "buyers with two ids");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cy", "stranger"})
    void shouldFailOnAnOrderThatNobodyWasPromised(String user) {
        Ledger ledger = ledger(5, 3, TOLD);
        ledger.enter("o1", "ann", 1, "pending_payment");
        ledger.enter("o2", "bob", 1, "paid");
        ledger.enter("o9", user, 1, "pending_payment");

        AuditReport report = report(json(), ledger);

        assertFailsOnlyOn(report, "orders unasked for");
        assertTrue(report.render().contains(user + "/o9"), report::render);
    }

    @Test
    void shouldAllowAnOrderOfABuyerInDoubt() {
        Ledger ledger = ledger(5, 3, TOLD);
        ledger.enter("o1", "ann", 1, "pending_payment");
        ledger.enter("o2", "bob", 1, "paid");
        ledger.enter("o9", "dora", 1, "pending_payment");

        AuditReport report = report(json(), ledger);

        assertTrue(report.balanced(), report::render);
    }
}
