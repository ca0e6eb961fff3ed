package io.seckill.gateway.sale;

import io.seckill.schema.redis.SaleStatus;
import java.util.Arrays;

/**
 * Who holds the units of a sold-out sale, as sorted hashes: four bytes a buyer. A stranger whose hash collides merely
 * gets his answer from Redis.
 *
 * @param epoch and {@code seq}: the sale's last accepting call; while it is the last, no new holder can exist
 */
public record Holders(int epoch, long seq, int[] hashes) {

    /** Takes the array over and sorts it. */
    public static Holders of(int epoch, long seq, int[] hashes) {
        Arrays.sort(hashes);
        return new Holders(epoch, seq, hashes);
    }

    public boolean isOf(SaleStatus status) {
        return status.epoch() == epoch && status.seq() == seq;
    }

    public boolean mayContain(String userId) {
        return Arrays.binarySearch(hashes, userId.hashCode()) >= 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Holders holders
                && holders.epoch == epoch
                && holders.seq == seq
                && Arrays.equals(holders.hashes, hashes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(seq) + 31 * epoch;
    }

    @Override
    public String toString() {
        return "Holders[" + hashes.length + "]";
    }
}
