package io.seckill.gateway.purchase;

import io.seckill.gateway.sale.SaleView;
import io.seckill.schema.message.OrderIds;
import io.seckill.schema.redis.SeckillFunctions;
import io.vertx.core.http.HttpServerResponse;
import java.util.UUID;

/** One press of the button on its way through this gateway. Belongs to one event loop. */
final class Purchase implements SeckillFunctions.Purchase {
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
    private final long startedNanos;
    private final HttpServerResponse response;
    private Step step = Step.WAITING;
    private int attempt = 1;

    /** @param sale as it was known at the arrival; what is known now may be newer, or no longer there */
    Purchase(SaleView sale, String userId, int quantity, long startedNanos, HttpServerResponse response) {
        this.sale = sale;
        this.userId = userId;
        this.quantity = quantity;
        this.startedNanos = startedNanos;
        this.response = response;
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

    long startedNanos() {
        return startedNanos;
    }

    HttpServerResponse response() {
        return response;
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

    void reserved(int attempt) {
        this.attempt = attempt;
        step = Step.RESERVED;
    }

    /** @return false if it was answered before: a promise is made, or broken, once */
    boolean answer() {
        boolean first = step != Step.ANSWERED;
        step = Step.ANSWERED;
        return first;
    }

    /** The order's id; until Redis has answered, that of the user's first order in the sale. */
    UUID orderId() {
        return OrderIds.of(sale.saleId(), userId, attempt);
    }
}
