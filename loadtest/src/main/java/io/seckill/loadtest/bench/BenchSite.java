package io.seckill.loadtest.bench;

/** What a benchmark runs on: the stack, and beside it the two processes to compare with. */
public interface BenchSite extends MeasuredSite {
    /** Base URL of the {@link CeilingServer}. */
    String ceilingUrl();

    /** Base URL of the {@link NaiveShop}. */
    String naiveUrl();

    /** redis-benchmark, with its environment and the address of the stack's Redis, to be given the rest. */
    ProcessBuilder redisBenchmark();
}
