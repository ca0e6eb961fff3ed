package io.seckill.schema.redis;

import java.util.List;

/** The answer to one call of {@code reserve}, for all its purchases together. */
public sealed interface ReserveReply {

    /**
     * @param nowMs Redis' clock, the only one that decides
     * @param remaining units left after this call
     * @param seq number of the lot that this call made, or of the last one if it accepted nothing
     * @param outcomes one for each purchase, in their order
     */
    record Decided(
            long nowMs, int epoch, int remaining, long seq, int paymentWindowSeconds, List<ReserveOutcome> outcomes)
            implements ReserveReply {}

    /** Nothing was decided and nothing moved. */
    enum Closed implements ReserveReply {
        /** Redis forgot: not armed, or the sale's keys are gone. The sale must be rebuilt from the ledger. */
        FENCED,
        /** The caller's epoch is not the sale's: it must learn the new one. */
        STALE
    }
}
