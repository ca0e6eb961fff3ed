package io.seckill.gateway.sale;

import java.util.Arrays;

/** A growing array of user hashes: a boxed list would take five times the memory at a million buyers. */
final class HolderHashes {
    private int[] hashes = new int[1_024];
    private int size;

    void add(String userId) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        hashes[size++] = userId.hashCode();
    }

    int[] toArray() {
        return Arrays.copyOf(hashes, size);
    }
}
