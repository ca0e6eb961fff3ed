package io.seckill.loadtest.scenario;

import java.util.random.RandomGenerator;

/** Draws ranks of which the k-th is k times rarer than the first, as George Zipf found of words; shops find it of goods. */
final class Zipf {
    private final double[] cumulative;

    /** @param ranks how many there are */
    Zipf(int ranks) {
        cumulative = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++) {
            sum += 1.0 / (rank + 1);
            cumulative[rank] = sum;
        }
    }

    /** From 0, the most frequent. */
    int draw(RandomGenerator random) {
        double at = random.nextDouble() * cumulative[cumulative.length - 1];
        int rank = 0;
        while (cumulative[rank] <= at) {
            rank++;
        }
        return rank;
    }

    /** The part of all draws that fall on a rank. */
    double share(int rank) {
        double before = rank == 0 ? 0 : cumulative[rank - 1];
        return (cumulative[rank] - before) / cumulative[cumulative.length - 1];
    }
}
