package io.seckill.loadtest.simulation.world;

/** All chance in a world, out of its seed (SplitMix64). */
public final class Chance {
    private long state;

    Chance(long seed) {
        state = seed * 0x9e3779b97f4a7c15L + 0x1234567;
    }

    public long next() {
        long z = state += 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** From 0 to just below the bound. */
    public int below(int bound) {
        return (int) Math.floorMod(next() >>> 1, (long) bound);
    }

    /** From 0 to just below the bound. */
    public long upTo(long bound) {
        return Math.floorMod(next() >>> 1, bound);
    }

    public long between(long low, long high) {
        return low + upTo(high - low + 1);
    }

    /** True so many times in a thousand. */
    public boolean perMille(int times) {
        return below(1_000) < times;
    }

    public <T> T of(java.util.List<T> choices) {
        return choices.get(below(choices.size()));
    }
}
