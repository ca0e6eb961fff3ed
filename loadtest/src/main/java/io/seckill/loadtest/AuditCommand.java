package io.seckill.loadtest;

import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.time.Duration;

/** {@code seckill audit}: one sale, a line per rule. The judge is {@link Auditor}. */
public final class AuditCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private AuditCommand() {}

    /** Prints the audit and returns whether it balances; false, with the reason printed, if there is nothing to audit. */
    public static boolean run(StackAddress stack, TokenMint mint, String saleId, PrintStream out) {
        Vertx vertx = Vertx.vertx();
        try {
            AuditReport report = Blocking.await(new Auditor(vertx, stack, mint).audit(saleId), PATIENCE);
            out.println("Audit of sale " + saleId);
            out.println("stock = remaining + inFlight + pendingPayment + paid + restocking + deadLettered");
            out.println(report.render());
            out.println(report.balanced() ? "BALANCED" : "NOT BALANCED");
            return report.balanced();
        } catch (Blocking.FailedException e) {
            out.println("Cannot audit: " + e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            out.println("Interrupted.");
            return false;
        } finally {
            vertx.close();
        }
    }
}
