package io.seckill.gateway.admin;

import io.seckill.gateway.http.Problem;
import io.seckill.gateway.sale.SaleRow;
import io.seckill.gateway.sale.SaleRow.Phase;
import io.vertx.core.json.JsonObject;

/**
 * One change that an operator asks for, decided on the sale as it is: what it becomes, or why not. A change that is there
 * already is no error, so that each may be asked for again. Pure.
 */
interface SaleChange {
    /** What the audit trail calls it. */
    String action();

    /** @param nowMs the servers' clock */
    Decision on(SaleRow sale, long nowMs);

    /**
     * @param becomes the sale after it; null if refused
     * @param detail what changed, for the audit trail; empty if nothing did
     */
    record Decision(SaleRow becomes, JsonObject detail, Problem refusal) {
        static Decision change(SaleRow becomes, JsonObject detail) {
            return new Decision(becomes, detail, null);
        }

        static Decision same(SaleRow sale) {
            return new Decision(sale, new JsonObject(), null);
        }

        static Decision refused(Problem problem) {
            return new Decision(null, new JsonObject(), problem);
        }

        boolean changesSomething() {
            return refusal == null && !detail.isEmpty();
        }
    }

    /** Pause, resume or end. */
    record ToPhase(String action, Phase phase) implements SaleChange {
        static final ToPhase PAUSE = new ToPhase("pause", Phase.PAUSED);
        static final ToPhase RESUME = new ToPhase("resume", Phase.SELLING);
        static final ToPhase END = new ToPhase("end", Phase.ENDED);

        @Override
        public Decision on(SaleRow sale, long nowMs) {
            if (sale.phase() == phase || (phase == Phase.ENDED && isOver(sale, nowMs))) {
                return Decision.same(sale);
            }
            Problem refusal = notNow(sale, nowMs);
            return refusal != null
                    ? Decision.refused(refusal)
                    : Decision.change(
                            sale.with(phase),
                            new JsonObject().put("from", sale.phase().stored()).put("to", phase.stored()));
        }
    }

    /** More units in the middle of a sale. Asked for twice it is done twice, unless both requests bear the same key. */
    record Restock(int quantity) implements SaleChange {
        @Override
        public String action() {
            return "restock";
        }

        @Override
        public Decision on(SaleRow sale, long nowMs) {
            Problem refusal = notNow(sale, nowMs);
            if (refusal != null) {
                return Decision.refused(refusal);
            }
            if (quantity > NewSale.MAX_STOCK - sale.stock()) {
                return Decision.refused(Problem.invalid("stock would exceed " + NewSale.MAX_STOCK));
            }
            int stock = sale.stock() + quantity;
            return Decision.change(
                    sale.withStock(stock),
                    new JsonObject().put("quantity", quantity).put("stock", stock));
        }
    }

    static boolean isOver(SaleRow sale, long nowMs) {
        return sale.phase() == Phase.ENDED || nowMs >= sale.endsMs();
    }

    /** Why nothing about this sale can be changed now, or null. */
    static Problem notNow(SaleRow sale, long nowMs) {
        if (isOver(sale, nowMs)) {
            return Problem.SALE_ENDED;
        }
        return sale.phase() == Phase.LOADING || sale.recovering() ? Problem.RECOVERING : null;
    }
}
