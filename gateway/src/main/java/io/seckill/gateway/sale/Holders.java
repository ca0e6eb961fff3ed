package io.seckill.gateway.sale;

import io.seckill.schema.redis.SaleStatus;
import java.util.Arrays;

/**
 * Who holds the units of a sold-out sale, as sorted hashes: four bytes a buyer. A stranger whose hash collides merely gets
 * the answer from Redis. Valid for the sale's last accepting call: while that is the last, no new holder can exist.
 * Immutable.
 */
public final class Holders {
    private final int epoch;
    private final long seq;
    private final int[] hashes;

    private Holders(int epoch, long seq, int[] hashes) {
        this.epoch = epoch;
        this.seq = seq;
        this.hashes = hashes;
    }

    /** Takes the array over and sorts it. */
    public static Holders of(int epoch, long seq, int[] hashes) {
        Arrays.sort(hashes);
        return new Holders(epoch, seq, hashes);
    }

    /** Nothing was accepted since these holders were read. */
    public boolean isOf(SaleStatus status) {
        return status.epoch() == epoch && status.seq() == seq;
    }

    /** False only for who certainly holds nothing. */
    public boolean mayContain(String userId) {
        return Arrays.binarySearch(hashes, userId.hashCode()) >= 0;
    }
}
