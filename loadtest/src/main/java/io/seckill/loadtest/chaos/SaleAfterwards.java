package io.seckill.loadtest.chaos;

import io.seckill.loadtest.AuditReport;
import io.seckill.loadtest.Auditor;
import io.seckill.loadtest.GatewayAudit;
import io.seckill.loadtest.StoredOrder;
import io.seckill.loadtest.chaos.History.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What has to hold of a sale when its faults are over: everything promised is stored, it comes to rest, the books and the
 * clients agree, and exactly what is free sells again. Its steps block.
 */
final class SaleAfterwards {
    /** From the end of the last fault, and of the last answer, to the last row. */
    private static final Duration STORED = Duration.ofSeconds(30);
    /** Beyond the payment window: reminders, a sweep for those that were lost, and units on their way back. */
    private static final Duration AT_REST = Duration.ofSeconds(45);

    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int ASKED_AGAIN = 25;

    private final Site site;
    private final Steps steps;
    private final Sales sales;
    private final Shop shop;
    private final Auditor auditor;

    SaleAfterwards(Site site, Steps steps, Sales sales, Shop shop, Auditor auditor) {
        this.site = site;
        this.steps = steps;
        this.sales = sales;
        this.shop = shop;
        this.auditor = auditor;
    }

    /**
     * Holds the books of a sale at rest against everybody.
     *
     * @return what is broken, in words
     */
    List<String> check(RoundPlan plan, String saleId, History history, GatewayAudit rest)
            throws Steps.NotDoneException, InterruptedException {
        List<String> broken = new ArrayList<>();
        List<StoredOrder> stored = steps.await("MySQL did not answer", () -> sales.orders(saleId), ANSWER);
        broken.addAll(HistoryCheck.broken(history, stored));
        AuditReport books = steps.await("no audit", () -> auditor.audit(saleId, history.toClientHistory()), ANSWER);
        books.failures()
                .forEach(line ->
                        broken.add("audit: %s is %s: %s".formatted(line.name(), line.value(), line.explanation())));
        broken.addAll(disagreements(history, stored));
        broken.addAll(gate(saleId, rest));
        broken.addAll(new LeakTest(steps, sales, shop, saleId, plan.windowSeconds()).run(rest.remaining()));
        return broken;
    }

    /** Everything promised is in MySQL. */
    void awaitStored(String saleId, History history) throws Steps.NotDoneException, InterruptedException {
        AtomicReference<Set<String>> missing = new AtomicReference<>(Set.of());
        try {
            steps.until(
                    "lost: not every promised order is in MySQL",
                    () -> sales.orders(saleId).map(stored -> {
                        missing.set(HistoryCheck.missing(history, stored));
                        return missing.get().isEmpty();
                    }),
                    STORED);
        } catch (Steps.NotDoneException e) {
            throw new Steps.NotDoneException(
                    "%s, %d are missing: %s"
                            .formatted(e.getMessage(), missing.get().size(), missing.get()),
                    e);
        }
    }

    /** Nothing on its way, nothing unpaid, and each unit accounted for. */
    GatewayAudit awaitRest(String saleId, int windowSeconds) throws Steps.NotDoneException, InterruptedException {
        AtomicReference<GatewayAudit> last = new AtomicReference<>();
        try {
            steps.until(
                    "leaked: the sale does not come to rest",
                    () -> sales.audit(saleId).map(audit -> {
                        last.set(audit);
                        return audit.inFlight() + audit.pendingPayment() + audit.restocking() == 0 && audit.balanced();
                    }),
                    AT_REST.plusSeconds(windowSeconds));
            return last.get();
        } catch (Steps.NotDoneException e) {
            throw new Steps.NotDoneException(e.getMessage() + ", last seen: " + last, e);
        }
    }

    /** What a user with an unknown outcome is told now is what MySQL has. */
    private List<String> disagreements(History history, List<StoredOrder> stored)
            throws Steps.NotDoneException, InterruptedException {
        Map<String, String> states = new TreeMap<>();
        stored.forEach(order -> states.put(order.orderId(), order.state()));
        List<Attempt> doubts = history.unknown().values().stream()
                .flatMap(List::stream)
                .filter(attempt -> !attempt.orderId().isEmpty())
                .sorted(Comparator.comparing(Attempt::user))
                .limit(ASKED_AGAIN)
                .toList();
        List<String> broken = new ArrayList<>();
        int gateway = 0;
        for (Attempt doubt : doubts) {
            int at = gateway++ % shop.gateways();
            String told = steps.await(
                    "no answer about an order", () -> shop.state(at, doubt.orderId(), doubt.user()), ANSWER);
            String is = states.getOrDefault(doubt.orderId(), "none");
            if (!told.equals(is)) {
                broken.add("unknown: %s/%s is told as %s, in MySQL it is %s"
                        .formatted(doubt.user(), doubt.orderId(), told, is));
            }
        }
        return broken;
    }

    private List<String> gate(String saleId, GatewayAudit rest) {
        return site.gate(saleId)
                .filter(gate -> gate.remaining() != rest.remaining() || gate.unconfirmed() != 0)
                .map(gate -> List.of("Redis has %s, the audit %d units".formatted(gate, rest.remaining())))
                .orElse(List.of());
    }
}
