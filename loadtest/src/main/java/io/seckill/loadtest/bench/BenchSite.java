package io.seckill.loadtest.bench;

import io.seckill.loadtest.StackAddress;
import io.seckill.loadtest.TokenMint;
import java.nio.file.Path;

/** What a benchmark runs on: one gateway, one worker, the servers, and beside them the two processes to compare with. */
public interface BenchSite {
    StackAddress address();

    TokenMint mint();

    String redisUri();

    /** Base URL of the {@link CeilingServer}. */
    String ceilingUrl();

    /** Base URL of the {@link NaiveShop}. */
    String naiveUrl();

    /** redis-benchmark, with its environment and the address of the stack's Redis, to be given the rest. */
    ProcessBuilder redisBenchmark();

    /** The repository, where wrk's script is. */
    Path root();

    /** A folder for files that nobody needs afterwards. */
    Path scratch();

    /** The workers do nothing until {@link #resumeWorkers}: their processes are stopped. For some seconds only. */
    void pauseWorkers();

    void resumeWorkers();
}
