package io.seckill.loadtest;

import static io.seckill.loadtest.AuditReportTest.TOLD;
import static io.seckill.loadtest.AuditReportTest.assertFailsOnlyOn;
import static io.seckill.loadtest.AuditReportTest.json;
import static io.seckill.loadtest.AuditReportTest.ledger;
import static io.seckill.loadtest.AuditReportTest.order;
import static io.seckill.loadtest.AuditReportTest.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage that only MySQL's rows show, alone or against what clients were told. */
class LedgerTest {

    private static final ClientHistory TOLD_TWICE =
            new ClientHistory(Map.of("ann", Set.of("o1", "o2")), Set.of(), Set.of());

    @Test
    void shouldFailIfMoreIsActiveThanThereIs() {
        Ledger ledger = ledger(5, 6, null);
        for (int i = 0; i < 6; i++) {
            ledger.enter(order("o" + i, "u" + i, 1, "paid"));
        }

        assertFailsOnlyOn(report(json(), ledger), "active orders' units");
    }

    @Test
    void shouldCountUnitsAndNotOrders() {
        Ledger ledger = ledger(5, 6, null);
        ledger.enter(order("o1", "ann", 3, "paid"));
        ledger.enter(order("o2", "bob", 3, "pending_payment"));

        assertFailsOnlyOn(report(json(), ledger), "active orders' units");
    }

    @Test
    void shouldFailIfTheCounterDisagreesWithTheOrders() {
        Ledger ledger = ledger(5, 3, null);
        ledger.enter(order("o1", "ann", 1, "paid"));
        ledger.enter(order("o2", "bob", 1, "cancelled"));

        assertFailsOnlyOn(report(json(), ledger), "sold in MySQL");
    }

    @Test
    void shouldFailIfAUserHasTwoActiveOrders() {
        Ledger ledger = ledger(5, 2, null);
        ledger.enter(order("o1", "ann", 1, "paid"));
        ledger.enter(order("o2", "ann", 1, "pending_payment"));

        assertFailsOnlyOn(report(json(), ledger), "users with two");
    }

    @Test
    void shouldAllowABuyAfterACancel() {
        Ledger ledger = ledger(5, 1, null);
        ledger.enter(order("o1", "ann", 1, "cancelled"));
        ledger.enter(order("o2", "ann", 1, "expired"));
        ledger.enter(order("o3", "ann", 1, "pending_payment"));

        AuditReport report = report(json(), ledger);

        assertTrue(report.balanced(), report::render);
    }

    @Test
    void shouldFailIfAnAcceptedOrderIsLost() {
        Ledger ledger = ledger(5, 1, TOLD);
        ledger.enter(order("o1", "ann", 1, "pending_payment"));

        AuditReport report = report(json(), ledger);

        assertFailsOnlyOn(report, "promises kept");
        assertTrue(report.render().contains("bob/o2"), report::render);
    }

    @Test
    void shouldNotTakeARejectedRowForAKeptPromise() {
        Ledger ledger = ledger(5, 1, TOLD);
        ledger.enter(order("o1", "ann", 1, "pending_payment"));
        ledger.enter(order("o2", "bob", 1, "rejected"));

        assertFailsOnlyOn(report(json(), ledger), "promises kept");
    }

    @Test
    void shouldFailIfAnOrderIsStoredUnderAnotherUser() {
        Ledger ledger = ledger(5, 2, TOLD);
        ledger.enter(order("o1", "bob", 1, "pending_payment"));
        ledger.enter(order("o2", "ann", 1, "paid"));

        assertFailsOnlyOn(report(json(), ledger), "promises kept", "orders unasked for");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancelled", "expired"})
    void shouldAllowASecondPromiseAfterTheFirstOrderEnded(String end) {
        Ledger ledger = ledger(5, 1, TOLD_TWICE);
        ledger.enter(order("o2", "ann", 1, "pending_payment", 5_000, 0));
        ledger.enter(order("o1", "ann", 1, end, 0, 4_999));

        AuditReport report = report(json(), ledger);

        assertTrue(report.balanced(), report::render);
    }

    @Test
    void shouldAllowForServersWhoseClocksDifferALittle() {
        Ledger ledger = ledger(5, 1, TOLD_TWICE);
        ledger.enter(order("o1", "ann", 1, "cancelled", 0, 5_900));
        ledger.enter(order("o2", "ann", 1, "paid", 5_000, 6_000));

        AuditReport report = report(json(), ledger);

        assertTrue(report.balanced(), report::render);
    }

    @Test
    void shouldFailIfOneBuyerWasToldTwoIdsOfOnePurchase() {
        Ledger ledger = ledger(5, 1, TOLD_TWICE);
        ledger.enter(order("o1", "ann", 1, "paid", 0, 3_000));
        ledger.enter(order("o2", "ann", 1, "cancelled", 10, 60_000));

        assertFailsOnlyOn(report(json(), ledger), "buyers with two ids");
    }

    @Test
    void shouldFailIfABuyerWasToldOfANewOrderWhileThePaidOneStood() {
        Ledger ledger = ledger(5, 1, TOLD_TWICE);
        ledger.enter(order("o1", "ann", 1, "paid", 0, 3_000));
        ledger.enter(order("o2", "ann", 1, "expired", 60_000, 90_000));

        assertFailsOnlyOn(report(json(), ledger), "buyers with two ids");
    }

    @Test
    void shouldFailOnBothLinesIfOneOfABuyersTwoOrdersIsLost() {
        Ledger ledger = ledger(5, 1, TOLD_TWICE);
        ledger.enter(order("o1", "ann", 1, "pending_payment"));

        assertFailsOnlyOn(report(json(), ledger), "promises kept", "buyers with two ids");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancelled", "expired"})
    void shouldTakeAnEndedOrderForAKeptPromise(String end) {
        Ledger ledger = ledger(5, 1, TOLD);
        ledger.enter(order("o1", "ann", 1, end));
        ledger.enter(order("o2", "bob", 1, "paid"));

        AuditReport report = report(json(), ledger);

        assertTrue(report.balanced(), report::render);
        assertEquals(1, report.sold());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cy", "stranger"})
    void shouldFailOnAnOrderThatNobodyWasPromised(String user) {
        Ledger ledger = ledger(5, 3, TOLD);
        ledger.enter(order("o1", "ann", 1, "pending_payment"));
        ledger.enter(order("o2", "bob", 1, "paid"));
        ledger.enter(order("o9", user, 1, "pending_payment"));

        AuditReport report = report(json(), ledger);

        assertFailsOnlyOn(report, "orders unasked for");
        assertTrue(report.render().contains(user + "/o9"), report::render);
    }

    @Test
    void shouldAllowAnOrderOfABuyerInDoubt() {
        Ledger ledger = ledger(5, 3, TOLD);
        ledger.enter(order("o1", "ann", 1, "pending_payment"));
        ledger.enter(order("o2", "bob", 1, "paid"));
        ledger.enter(order("o9", "dora", 1, "pending_payment"));

        AuditReport report = report(json(), ledger);

        assertTrue(report.balanced(), report::render);
    }
}
