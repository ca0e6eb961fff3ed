package io.seckill.loadtest;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The audit of a small sale, true or doctored, for tests elsewhere. */
public final class Books {
    private static final ClientHistory TOLD = new ClientHistory(Map.of("ann", Set.of("o1")), Set.of(), Set.of());

    private Books() {}

    public static AuditReport balanced(String saleId) {
        Ledger ledger = new Ledger(5, 1, Optional.of(TOLD));
        ledger.enter(AuditReportTest.order("o1", "ann", 1, "pending_payment"));
        return audit(saleId, ledger);
    }

    /** MySQL has an order, but it is not the one that Ann was promised. */
    public static AuditReport doctored(String saleId) {
        Ledger ledger = new Ledger(5, 1, Optional.of(TOLD));
        ledger.enter(AuditReportTest.order("o2", "mallory", 1, "pending_payment"));
        return audit(saleId, ledger);
    }

    private static AuditReport audit(String saleId, Ledger ledger) {
        return AuditReport.of(
                saleId,
                GatewayAudit.of(AuditReportTest.json().put("remaining", 4).put("paid", 0)),
                ledger.close());
    }
}
