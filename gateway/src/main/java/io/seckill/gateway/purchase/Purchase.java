package io.seckill.gateway.purchase;

import io.seckill.gateway.sale.SaleView;
import io.seckill.gateway.tracing.PurchaseTrace;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.http.HttpServerResponse;
import java.util.UUID;

/** One press of the button on its way through this gateway. Belongs to one event loop. */
public final class Purchase implements SeckillFunctions.Purchase {
    /** How far it has come, which decides what a missed deadline means. */
    enum Step {
        /** Not sent to Redis: nothing can have moved. */
        WAITING,
        /** Redis was asked. */
        ASKED,
        /** Stock is taken; the confirm is awaited. */
        RESERVED,
        ANSWERED
    }

    private final SaleView sale;
    private final String userId;
    private final int quantity;
    private final String key;
    private final long startedNanos;
    private final HttpServerResponse response;
    private final PurchaseTrace trace;
    private Step step = Step.WAITING;
    private int attempt = 1;
    private boolean ledgerAsked;

    /**
     * @param sale as it was known at the arrival; what is known now may be newer, or no longer there
     * @param key the client's Idempotency-Key, or null
     */
    public Purchase(
            SaleView sale,
            String userId,
            int quantity,
            String key,
            long startedNanos,
            HttpServerResponse response,
            PurchaseTrace trace) {
        this.sale = sale;
        this.userId = userId;
        this.quantity = quantity;
        this.key = key;
        this.startedNanos = startedNanos;
        this.response = response;
        this.trace = trace;
    }

    @Override
    public String userId() {
        return userId;
    }

    @Override
    public int quantity() {
        return quantity;
    }

    SaleView sale() {
        return sale;
    }

    String saleId() {
        return sale.saleId();
    }

    String key() {
        return key;
    }

    /** What its key, if it has one, stands for. */
    String use() {
        return "purchase " + sale.saleId() + ' ' + quantity;
    }

    long startedNanos() {
        return startedNanos;
    }

    HttpServerResponse response() {
        return response;
    }

    public PurchaseTrace trace() {
        return trace;
    }

    Step step() {
        return step;
    }

    boolean isAnswered() {
        return step == Step.ANSWERED;
    }

    void asked() {
        step = Step.ASKED;
    }

    /** The user's how-many-eth order in the sale it is, found out without Redis. */
    void attempt(int number) {
        attempt = number;
    }

    int attempt() {
        return attempt;
    }

    void reserved(int attempt) {
        this.attempt = attempt;
        step = Step.RESERVED;
    }

    /** What its answer is, MySQL tells from now on. */
    void fromLedger() {
        ledgerAsked = true;
    }

    boolean isFromLedger() {
        return ledgerAsked;
    }

    /** @return false if it was answered before: a promise is made, or broken, once */
    boolean answer() {
        boolean first = step != Step.ANSWERED;
        step = Step.ANSWERED;
        return first;
    }

    /** The order's id; until more is known, that of the user's first order in the sale. */
    public UUID orderId() {
        return OrderIds.of(sale.saleId(), userId, attempt);
    }
}
