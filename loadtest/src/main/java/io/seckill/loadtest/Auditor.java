package io.seckill.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * The one judge of a sale, for the demo, the command line, load and fault tests alike. It believes nobody: the system's
 * own audit is checked for its sums, MySQL is read past the system, and both are held against what clients were told.
 * The rules are in {@link AuditReport}.
 */
public final class Auditor {

    /** No gateway knows a sale of this id. */
    public static final class UnknownSaleException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnknownSaleException(String saleId) {
            super("there is no sale '" + saleId + "'");
        }
    }

    private final StackApi api;
    private final StoredOrders orders;

    public Auditor(Vertx vertx, StackAddress stack, TokenMint mint) {
        this(new StackApi(vertx, stack, mint), new StoredOrders(vertx, stack));
    }

    public Auditor(StackApi api, StoredOrders orders) {
        this.api = api;
        this.orders = orders;
    }

    /**
     * Audits a sale, also while it is busy.
     *
     * @return the report; fails with {@link UnknownSaleException}, or if the system or MySQL cannot be asked
     */
    public Future<AuditReport> audit(String saleId) {
        return audit(saleId, Optional.empty(), true);
    }

    /**
     * Audits a sale, and every promise that was made to the clients of a rush. Only for a sale that has come to rest, all
     * of its accepted orders stored: one still on its way counts as lost.
     */
    public Future<AuditReport> audit(String saleId, ClientHistory history) {
        return audit(saleId, Optional.of(history), true);
    }

    private Future<AuditReport> audit(String saleId, Optional<ClientHistory> history, boolean again) {
        return api.audit(saleId)
                .recover(cause -> Future.failedFuture(isUnknown(cause) ? new UnknownSaleException(saleId) : cause))
                .compose(gateway -> orders.ledger(saleId, history).compose(found -> {
                    // A sale that MySQL does not have at all is judged as one without units or orders.
                    Ledger ledger = found.orElseGet(() -> new Ledger(0, 0, history).close());
                    // The two were not read at one instant: if the stock was raised in between, look once more.
                    if (again && ledger.stock() != gateway.stock()) {
                        return audit(saleId, history, false);
                    }
                    return Future.succeededFuture(AuditReport.of(saleId, gateway, ledger));
                }));
    }

    private static boolean isUnknown(Throwable cause) {
        return cause instanceof StackApi.UnexpectedStatusException unexpected && unexpected.status() == 404;
    }

    /** How many orders of the sale are in MySQL now, in whatever state. */
    public Future<Long> stored(String saleId) {
        return orders.count(saleId);
    }

    public Future<Void> close() {
        return api.close().eventually(orders::close);
    }
}
